//! What the trace log promises.

use std::collections::BTreeSet;

use dictamen_platform::store::{Digest, Payload, StoreError, Trace, TraceId, TraceLog, TraceReader, Trust, wait};

use crate::Adapter;

fn payload(n: u64) -> Vec<u8> {
    format!("{{\"trace\":{n},\"padding\":\"{}\"}}", "x".repeat(usize::try_from(n % 300).unwrap())).into_bytes()
}

fn append_many(traces: &dyn TraceLog, count: u64) -> Vec<TraceId> {
    (1..=count).map(|n| traces.append_blocking(payload(n)).unwrap()).collect()
}

fn all(traces: &dyn TraceReader, from: Option<&TraceId>) -> Vec<Trace> {
    traces.scan(from).unwrap().map(Result::unwrap).collect()
}

pub(crate) fn a_trace_reads_back_after_reopening<A: Adapter>(place: &A) {
    let id = place.open().traces.append_blocking(b"first".to_vec()).unwrap();
    let stores = place.open();
    let trace = stores.traces.get(&id).unwrap().unwrap();
    assert_eq!((trace.id, trace.payload), (id, Payload::Present(b"first".to_vec())));
    let next = stores.traces.append_blocking(b"second".to_vec()).unwrap();
    assert_eq!(next, id.following(1));
    assert_eq!(stores.traces.damage(), []);
}

pub(crate) fn places_have_no_gaps<A: Adapter>(place: &A) {
    let mut expected = 1;
    for _ in 0..4 {
        let traces = place.open().traces;
        for id in append_many(&*traces, 50) {
            assert_eq!(id.seq, expected);
            expected += 1;
        }
        assert_eq!(traces.last().map(|id| id.seq), Some(expected - 1));
    }
}

pub(crate) fn a_batch_stands_together<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    let batches: Vec<(u64, TraceId)> = std::thread::scope(|scope| {
        let append = |b: u64| {
            (b, traces.append_batch_blocking((0..10).map(|n| payload(b * 100 + n)).collect()).unwrap().unwrap())
        };
        let appends: Vec<_> = (0..8).map(|b| scope.spawn(move || append(b))).collect();
        appends.into_iter().map(|append| append.join().unwrap()).collect()
    });
    for (b, first) in batches {
        for n in 0..10 {
            let trace = traces.get(&first.following(n)).unwrap().unwrap();
            assert_eq!(trace.payload, Payload::Present(payload(b * 100 + n)));
        }
    }
    assert_eq!(traces.append_batch_blocking(vec![]).unwrap(), None);
    assert_eq!(traces.last().map(|id| id.seq), Some(80));
}

pub(crate) fn concurrent_appends_all_arrive<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let ids: BTreeSet<u64> = runtime.block_on(async {
        let appends: Vec<_> = (0..500).map(|n| tokio::spawn(traces.append(payload(n)))).collect();
        let mut ids = BTreeSet::new();
        for append in appends {
            ids.insert(append.await.unwrap().unwrap().seq);
        }
        ids
    });
    assert_eq!(ids, (1..=500).collect());
    let found: BTreeSet<Vec<u8>> = all(&*traces, None)
        .into_iter()
        .map(|trace| match trace.payload {
            Payload::Present(bytes) => bytes,
            Payload::Purged { .. } => panic!("nothing was purged"),
        })
        .collect();
    assert_eq!(found, (0..500).map(payload).collect());
}

pub(crate) fn a_scan_reads_everything_in_order_from_anywhere<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    let ids = append_many(&*traces, 300);
    for start in [1, 2, 57, 158, 299, 300] {
        let read: Vec<TraceId> = all(&*traces, ids.get(start - 1)).iter().map(|trace| trace.id).collect();
        assert_eq!(read, ids[start - 1..], "from {start}");
    }
    assert_eq!(all(&*traces, None).len(), 300);
    assert_eq!(all(&*traces, Some(&ids[299].following(1))), []);
    for (n, id) in ids.iter().enumerate() {
        let trace = traces.get(id).unwrap().unwrap();
        assert_eq!(trace.payload, Payload::Present(payload(u64::try_from(n).unwrap() + 1)));
    }
}

pub(crate) fn what_does_not_exist_is_none<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    assert_eq!((traces.last(), all(&*traces, None)), (None, vec![]));
    let id = traces.append_blocking(b"only".to_vec()).unwrap();
    assert_eq!(traces.get(&id.following(1)).unwrap(), None);
    assert_eq!(traces.get(&TraceId { seq: 0, ..id }).unwrap(), None);
    assert_eq!(traces.get(&"00000000-000000000001".parse().unwrap()).unwrap(), None);
    assert_eq!(traces.purge(&id.following(1), "nobody", "nothing").unwrap(), None);
}

pub(crate) fn links_chain_the_digests<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    append_many(&*traces, 100);
    let mut previous = Digest::ZERO;
    for trace in all(&*traces, None) {
        let Payload::Present(bytes) = &trace.payload else { panic!("nothing was purged") };
        assert_eq!((trace.digest, trace.previous), (Digest::of(bytes), previous));
        assert_eq!(trace.link, Digest::of_pieces(&[&previous.0, &trace.id.seq.to_be_bytes(), &trace.digest.0]));
        previous = trace.link;
    }
}

pub(crate) fn a_purge_destroys_the_payload_only<A: Adapter>(place: &A) {
    let (before, record) = {
        let traces = place.open().traces;
        let ids = append_many(&*traces, 200);
        let before = traces.get(&ids[120]).unwrap().unwrap();
        let record = traces.purge(&ids[120], "oficial de datos", "habeas data 2026-17").unwrap().unwrap();
        assert_eq!((record.trace, record.digest), (ids[120], before.digest));
        assert_eq!(traces.purge(&ids[120], "another", "again").unwrap(), Some(record.clone()));
        (before, record)
    };
    let traces = place.open().traces;
    let after = traces.get(&before.id).unwrap().unwrap();
    let length_bytes = u64::from(record.length_bytes);
    assert_eq!(after, Trace { payload: Payload::Purged { length_bytes }, ..before });
    let report = traces.verify(&Trust::default()).unwrap();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!(report.chains[0].purged, 1);
    assert_eq!(all(&*traces, None).len(), 200);
}

pub(crate) fn a_whole_log_verifies<A: Adapter>(place: &A) {
    for round in 1..=3 {
        let traces = place.open().traces;
        append_many(&*traces, 70);
        traces.seal().unwrap();
        let report = traces.verify(&Trust::default()).unwrap();
        assert!(report.is_clean(), "{:?}", report.findings);
        let [chain] = report.chains.as_slice() else { panic!("one chain, not {}", report.chains.len()) };
        assert_eq!((chain.traces, chain.last, chain.sealed), (70 * round, 70 * round, 70 * round));
        assert!(chain.heads >= round);
    }
}

pub(crate) fn heads_are_signed_when_sealed_and_at_the_end<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    assert_eq!(traces.seal().unwrap(), None);
    let ids = append_many(&*traces, 3);
    let head = traces.seal().unwrap().unwrap();
    let last = traces.get(&ids[2]).unwrap().unwrap();
    assert_eq!((head.writer, head.seq, head.link), (ids[2].writer, 3, last.link));
    assert_eq!(traces.seal().unwrap(), Some(head.clone()));
    append_many(&*traces, 2);
    traces.close().unwrap();
    drop(traces);
    let traces = place.open().traces;
    let heads = traces.heads().unwrap();
    assert_eq!((heads.first(), heads.last().map(|head| head.seq)), (Some(&head), Some(5)));
    let trust = Trust { heads: heads.clone(), public_keys: traces.public_keys().unwrap() };
    assert!(traces.verify(&trust).unwrap().is_clean());
    let forged = Trust { heads: vec![dictamen_platform::store::Head { seq: 9, ..heads[0].clone() }], ..trust };
    assert!(!traces.verify(&forged).unwrap().is_clean());
}

pub(crate) fn a_payload_over_the_limit_is_refused<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    let refused = traces.append_blocking(vec![0; 17 * 1_024 * 1_024]).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { .. }), "{refused}");
    assert_eq!(traces.append_blocking(vec![1; 1_024 * 1_024]).unwrap().seq, 1);
}

pub(crate) fn nothing_is_accepted_after_closing<A: Adapter>(place: &A) {
    let traces = place.open().traces;
    let id = traces.append_blocking(b"in time".to_vec()).unwrap();
    traces.close().unwrap();
    assert_eq!(traces.append_blocking(b"late".to_vec()), Err(StoreError::Closed));
    assert_eq!(wait(traces.append_batch(vec![b"late".to_vec()])), Err(StoreError::Closed));
    assert!(traces.get(&id).unwrap().is_some());
    traces.close().unwrap();
}

pub(crate) fn any_bytes_are_a_payload<A: Adapter>(place: &A) {
    let payloads = [vec![], vec![0; 100], b"DTR1".repeat(50), (0..=255).collect()];
    let ids: Vec<TraceId> = {
        let traces = place.open().traces;
        payloads.iter().map(|payload| traces.append_blocking(payload.clone()).unwrap()).collect()
    };
    let traces = place.open().traces;
    for (payload, id) in payloads.into_iter().zip(ids) {
        assert_eq!(traces.get(&id).unwrap().unwrap().payload, Payload::Present(payload));
    }
    assert!(traces.verify(&Trust::default()).unwrap().is_clean());
}
