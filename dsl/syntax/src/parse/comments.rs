//! Comments: each belongs to what stands below it or before it on its line, or stays in the text of an expression.

use super::cursor::Parser;
use crate::Span;
use crate::token::CommentToken;
use crate::tree::Comment;

impl Parser<'_, '_> {
    /// The comments on lines of their own right before the token under the cursor.
    pub(crate) fn comments_above(&mut self) -> Vec<Comment> {
        self.claim(self.at, |comment| comment.own_line)
    }

    /// The comments behind the last token on its line.
    pub(crate) fn comments_behind(&mut self) -> Vec<Comment> {
        self.claim(self.at, |comment| !comment.own_line)
    }

    /// All comments that nothing has claimed.
    pub(crate) fn comments_left(&mut self) -> Vec<Comment> {
        let mut left = Vec::new();
        for index in 0..self.comments.len() {
            left.extend(self.claim_one(index));
        }
        left
    }

    fn claim(&mut self, before: usize, wanted: impl Fn(&CommentToken) -> bool) -> Vec<Comment> {
        let first = self.comments.partition_point(|comment| comment.before < before);
        let mut claimed = Vec::new();
        let mut index = first;
        while self.comments.get(index).is_some_and(|comment| comment.before == before) {
            if self.comments.get(index).is_some_and(&wanted) {
                claimed.extend(self.claim_one(index));
            }
            index = index.saturating_add(1);
        }
        claimed
    }

    fn claim_one(&mut self, index: usize) -> Option<Comment> {
        let comment = self.comments.get_mut(index).filter(|comment| !comment.claimed)?;
        comment.claimed = true;
        let span = Span { source: self.session.source, start: comment.start, end: comment.end };
        Some(Comment { text: comment_text(self.session.text, span), span })
    }

    /// Leaves the comments of an expression that starts at token `first` and ends before the cursor in its text.
    pub(crate) fn leave_comments_in_text(&mut self, first: usize) {
        let (at, at_end) = (self.at, self.at_end());
        for comment in &mut self.comments {
            let inside = comment.before > first && comment.before < at;
            let behind = comment.before == at && (!comment.own_line || at_end);
            comment.claimed |= inside || behind;
        }
    }
}

/// The text of a comment with no blanks at the ends of its lines.
pub(crate) fn comment_text(text: &str, span: Span) -> String {
    let text = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
