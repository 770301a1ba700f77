//! A tree of hashes over rows, as RFC 6962 (section 2.1) builds it: one root, and a short path from any row to it.

use dictamen_plan::Digest;
use sha2::{Digest as _, Sha256};

/// SHA-256 of a leaf or of a node.
pub type Hash = Digest;

/// How many rows a chunk has: a power of two, so that the root of a chunk is a node of the tree.
pub const CHUNK_ROWS: usize = 4_096;

/// What a node's bytes begin with; those of leaves begin with 0.
const NODE: u8 = 1;

/// A tree that grows leaf by leaf and keeps one hash a chunk.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    chunks: Vec<Hash>,
    /// Leaves of the last chunk.
    leaves: Vec<Hash>,
    rows: u64,
}

impl Tree {
    /// Adds the leaf of the next row.
    pub fn push(&mut self, leaf: Hash) {
        self.leaves.push(leaf);
        self.rows = self.rows.saturating_add(1);
        if self.leaves.len() >= CHUNK_ROWS {
            self.end_chunk();
        }
    }

    /// How many leaves there are.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The roots of chunks, in order: the root of all is that of these.
    pub fn finish(mut self) -> Vec<Hash> {
        if !self.leaves.is_empty() {
            self.end_chunk();
        }
        self.chunks
    }

    fn end_chunk(&mut self) {
        self.chunks.push(root(&self.leaves));
        self.leaves.clear();
    }
}

/// The root over some hashes of one height; of none, the hash of nothing.
pub(crate) fn root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Digest::of(b""),
        [hash] => *hash,
        several => {
            let (left, right) = several.split_at(split(several.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The hashes beside the way from one of some hashes to their root, from below.
pub(super) fn path(hashes: &[Hash], position: usize) -> Vec<Hash> {
    if hashes.len() < 2 {
        return Vec::new();
    }
    let (left, right) = hashes.split_at(split(hashes.len()));
    let (mut path, beside) = match position.checked_sub(left.len()) {
        None => (path(left, position), root(right)),
        Some(position) => (path(right, position), root(left)),
    };
    path.push(beside);
    path
}

/// The root that a hash has at a position among so many, by the hashes beside its way.
pub(super) fn climb(hash: Hash, position: usize, count: usize, path: &[Hash]) -> Hash {
    let Some((beside, path)) = path.split_last() else { return hash };
    let left = split(count);
    match position.checked_sub(left) {
        None => node(&climb(hash, position, left, path), beside),
        Some(position) => node(beside, &climb(hash, position, count.saturating_sub(left), path)),
    }
}

/// The greatest power of two that is less than a count of at least two.
fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let hash = Sha256::new().chain_update([NODE]).chain_update(left.0).chain_update(right.0);
    Digest(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count).map(|row| Digest::of(row.to_string().as_bytes())).collect()
    }

    #[test]
    fn the_root_of_chunks_is_that_of_all_leaves() {
        for count in [0, 1, 2, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 2 * CHUNK_ROWS, 5 * CHUNK_ROWS + 77] {
            let leaves = leaves(count);
            let mut tree = Tree::default();
            leaves.iter().for_each(|leaf| tree.push(*leaf));
            assert_eq!(root(&tree.finish()), root(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn every_leaf_climbs_to_the_root_and_no_other_does() {
        for count in 1..40 {
            let leaves = leaves(count);
            let root = root(&leaves);
            for (position, leaf) in leaves.iter().enumerate() {
                let path = path(&leaves, position);
                assert_eq!(climb(*leaf, position, count, &path), root, "{position} of {count}");
                let other = Digest::of(b"another");
                assert_ne!(climb(other, position, count, &path), root, "another leaf at {position} of {count}");
                for wrong in (0..count).filter(|wrong| *wrong != position) {
                    assert_ne!(climb(*leaf, wrong, count, &path), root, "{position} of {count} at {wrong}");
                }
            }
        }
    }

    #[test]
    fn leaves_that_change_places_change_the_root() {
        let mut swapped = leaves(9);
        swapped.swap(2, 7);
        assert_ne!(root(&swapped), root(&leaves(9)));
        assert_ne!(root(&leaves(8)), root(&leaves(9)));
    }
}
