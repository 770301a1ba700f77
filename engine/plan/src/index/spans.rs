//! Spans of coordinates and sets of them.

use super::Coordinate;

/// Coordinates from one to another, both included; none where the first is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first.
    pub low: Coordinate,
    /// The last.
    pub high: Coordinate,
}

impl Span {
    /// Whether a coordinate lies in it.
    #[inline]
    pub fn contains(self, coordinate: Coordinate) -> bool {
        (self.low <= coordinate) & (coordinate <= self.high)
    }

    /// Whether both have a coordinate in common.
    pub(super) fn meets(self, other: Span) -> bool {
        (self.low <= other.high) & (other.low <= self.high)
    }
}

/// Puts spans in order and joins those that touch; empty ones go.
pub(super) fn normalise(spans: &mut Vec<Span>) {
    spans.retain(|span| span.low <= span.high);
    if spans.len() < 2 {
        return;
    }
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let touch = next.low <= last.high.saturating_add(1);
        if touch {
            last.high = last.high.max(next.high);
        }
        touch
    });
}

/// Replaces normalised spans by what they leave out of a whole.
pub(super) fn complement(spans: &mut Vec<Span>, whole: Span) {
    let mut from = whole.low;
    let mut rest = Vec::with_capacity(spans.len().saturating_add(1));
    for span in spans.iter() {
        rest.push(Span { low: from, high: span.low.saturating_sub(1) });
        from = span.high.saturating_add(1);
    }
    rest.push(Span { low: from, high: whole.high });
    // A span that starts at 0 leaves an empty one before it that saturation would not show.
    let starts_at_zero = spans.first().is_some_and(|span| span.low == 0);
    *spans = rest;
    if starts_at_zero {
        spans.remove(0);
    }
    normalise(spans);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn members(spans: &[Span]) -> Vec<u32> {
        spans.iter().flat_map(|span| span.low..=span.high).collect()
    }

    proptest! {
        #[test]
        fn sets_of_spans_are_sets(ends in prop::collection::vec((0_u32..20, 0_u32..20), 0..6), low in 0_u32..2) {
            let mut spans: Vec<Span> = ends.iter().map(|(low, high)| Span { low: *low, high: *high }).collect();
            let is_member = |at: u32| ends.iter().any(|(low, high)| *low <= at && at <= *high);
            spans.iter_mut().for_each(|span| span.low = span.low.max(low));
            normalise(&mut spans);
            let inside: Vec<u32> = (low..20).filter(|at| is_member(*at)).collect();
            prop_assert_eq!(members(&spans), inside);
            prop_assert!(spans.windows(2).all(|pair| pair[0].high + 1 < pair[1].low));
            complement(&mut spans, Span { low, high: 19 });
            let outside: Vec<u32> = (low..20).filter(|at| !is_member(*at)).collect();
            prop_assert_eq!(members(&spans), outside);
        }
    }
}
