//! What keyed records promise.

use dictamen_platform::store::{Applied, Batch, Records, wait};

use crate::Adapter;

fn apply(records: &dyn Records, batch: Batch) -> Applied {
    wait(records.apply(batch)).unwrap()
}

fn keys(records: &dyn Records, space: &str, prefix: &[u8], after: Option<&[u8]>) -> Vec<Vec<u8>> {
    records.scan(space, prefix, after).unwrap().map(|record| record.unwrap().key).collect()
}

pub(crate) fn a_record_reads_back_after_reopening<A: Adapter>(place: &A) {
    place.open().records.put_blocking("keys", b"one", b"1").unwrap();
    let stores = place.open();
    assert_eq!(stores.records.get("keys", b"one").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(stores.records.get("keys", b"two").unwrap(), None);
    apply(&*stores.records, Batch::new().remove("keys", b"one").remove("keys", b"two"));
    drop(stores);
    assert_eq!(place.open().records.get("keys", b"one").unwrap(), None);
}

pub(crate) fn a_batch_is_all_or_nothing<A: Adapter>(place: &A) {
    let records = place.open().records;
    records.put_blocking("a", b"k", b"old").unwrap();
    let refused = apply(&*records, Batch::new().put("b", b"x", b"1").expect_absent("a", b"k").put("a", b"k", b"new"));
    let expected = Applied::Refused { space: "a".to_owned(), key: b"k".to_vec(), found: Some(b"old".to_vec()) };
    assert_eq!(refused, expected);
    assert_eq!(records.get("b", b"x").unwrap(), None);
    let done =
        apply(&*records, Batch::new().expect_value("a", b"k", b"old").put("b", b"x", b"1").put("a", b"k", b"new"));
    assert_eq!(done, Applied::Done);
    assert_eq!(records.get("b", b"x").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(records.get("a", b"k").unwrap().as_deref(), Some(&b"new"[..]));
    assert_eq!(apply(&*records, Batch::new()), Applied::Done);
}

pub(crate) fn the_later_write_of_a_key_stays<A: Adapter>(place: &A) {
    let records = place.open().records;
    apply(&*records, Batch::new().put("s", b"k", b"1").remove("s", b"k").put("s", b"k", b"2"));
    assert_eq!(records.get("s", b"k").unwrap().as_deref(), Some(&b"2"[..]));
    apply(&*records, Batch::new().put("s", b"k", b"3").remove("s", b"k"));
    assert_eq!(records.get("s", b"k").unwrap(), None);
}

pub(crate) fn only_one_of_many_creates_a_record<A: Adapter>(place: &A) {
    let records = place.open().records;
    let done: usize = std::thread::scope(|scope| {
        let create = |n: u8| {
            apply(&*records, Batch::new().expect_absent("idempotency", b"key").put("idempotency", b"key", &[n]))
        };
        let racers: Vec<_> = (0..16).map(|n| scope.spawn(move || create(n))).collect();
        racers.into_iter().map(|racer| usize::from(racer.join().unwrap() == Applied::Done)).sum()
    });
    assert_eq!(done, 1);
}

pub(crate) fn a_counter_loses_no_increment<A: Adapter>(place: &A) {
    let records = place.open().records;
    records.put_blocking("n", b"counter", &0_u32.to_le_bytes()).unwrap();
    let increment = || {
        loop {
            let old = records.get("n", b"counter").unwrap().unwrap();
            let new = u32::from_le_bytes(old.as_slice().try_into().unwrap()) + 1;
            let batch = Batch::new().expect_value("n", b"counter", &old).put("n", b"counter", &new.to_le_bytes());
            if apply(&*records, batch) == Applied::Done {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..25).for_each(|_| increment()));
        }
    });
    assert_eq!(records.get("n", b"counter").unwrap().unwrap(), 100_u32.to_le_bytes());
}

pub(crate) fn a_scan_is_in_order_and_within_its_prefix<A: Adapter>(place: &A) {
    let records = place.open().records;
    let batch =
        [&b"b\xff"[..], b"a", b"b", b"c", b"b\x00", b"\xff\xff"].iter().fold(Batch::new(), |b, k| b.put("s", k, k));
    apply(&*records, batch);
    assert_eq!(keys(&*records, "s", b"", None), [&b"a"[..], b"b", b"b\x00", b"b\xff", b"c", b"\xff\xff"]);
    assert_eq!(keys(&*records, "s", b"b", None), [&b"b"[..], b"b\x00", b"b\xff"]);
    assert_eq!(keys(&*records, "s", b"b", Some(b"b")), [&b"b\x00"[..], b"b\xff"]);
    assert_eq!(keys(&*records, "s", b"b", Some(b"a")), [&b"b"[..], b"b\x00", b"b\xff"]);
    assert_eq!(keys(&*records, "s", b"\xff", None), [&b"\xff\xff"[..]]);
    assert!(keys(&*records, "s", b"b", Some(b"c")).is_empty());
}

pub(crate) fn spaces_do_not_mix<A: Adapter>(place: &A) {
    let records = place.open().records;
    apply(&*records, Batch::new().put("a", b"k", b"1").put("a.b", b"k", b"2").put("b", b"k", b"3"));
    assert_eq!(records.get("a", b"k").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(keys(&*records, "a", b"", None), [b"k"]);
    assert_eq!(keys(&*records, "c", b"", None), [b""; 0]);
}

pub(crate) fn a_snapshot_does_not_move<A: Adapter>(place: &A) {
    let records = place.open().records;
    records.put_blocking("s", b"k", b"1").unwrap();
    let before = records.snapshot().unwrap();
    apply(&*records, Batch::new().put("s", b"k", b"2").put("s", b"l", b"3"));
    assert_eq!(before.get("s", b"k").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(before.scan("s", b"", None).unwrap().count(), 1);
    assert_eq!(records.snapshot().unwrap().scan("s", b"", None).unwrap().count(), 2);
}

pub(crate) fn impossible_names_are_refused<A: Adapter>(place: &A) {
    let records = place.open().records;
    for (space, key) in
        [("", b"k".to_vec()), ("Upper", b"k".to_vec()), ("a/b", b"k".to_vec()), ("s", vec![]), ("s", vec![0; 5_000])]
    {
        assert!(records.put_blocking(space, &key, b"v").is_err(), "{space} {}", key.len());
        assert!(records.get(space, &key).is_err(), "{space} {}", key.len());
    }
    let many = (0_u32..20_000).fold(Batch::new(), |batch, n| batch.put("s", &n.to_le_bytes(), b""));
    assert!(wait(records.apply(many)).is_err());
    assert!(records.put_blocking("s", b"k", &vec![0; 64 * 1_024 * 1_024]).is_err());
}
