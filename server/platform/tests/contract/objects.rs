//! What objects promise.

use dictamen_platform::store::Digest;

use crate::Adapter;

pub(crate) fn an_object_is_named_by_its_hash<A: Adapter>(place: &A) {
    let contents: [&[u8]; 3] = [b"", b"plan", &[7; 100_000]];
    let names: Vec<Digest> = {
        let objects = place.open().objects;
        contents.iter().map(|content| objects.put(content).unwrap()).collect()
    };
    let objects = place.open().objects;
    for (content, name) in contents.iter().zip(names) {
        assert_eq!(name, Digest::of(content));
        assert_eq!(objects.get(&name).unwrap().as_deref(), Some(*content));
    }
    assert_eq!(objects.get(&Digest::of(b"never kept")).unwrap(), None);
}

pub(crate) fn objects_are_listed_in_order<A: Adapter>(place: &A) {
    let objects = place.open().objects;
    assert_eq!(objects.list().unwrap(), []);
    let mut names: Vec<Digest> = (0_u32..50).map(|n| objects.put(&n.to_le_bytes()).unwrap()).collect();
    names.sort_unstable();
    assert_eq!(objects.list().unwrap(), names);
}

pub(crate) fn keeping_twice_is_keeping_once<A: Adapter>(place: &A) {
    let objects = place.open().objects;
    let names: Vec<Digest> = std::thread::scope(|scope| {
        let puts: Vec<_> = (0..8).map(|_| scope.spawn(|| objects.put(b"the same").unwrap())).collect();
        puts.into_iter().map(|put| put.join().unwrap()).collect()
    });
    assert_eq!(names, [Digest::of(b"the same"); 8]);
    assert_eq!(objects.list().unwrap().len(), 1);
}
