//! What verifying the traces finds: each place that is not as it was written.

use std::path::PathBuf;

use dictamen_value::Message;
use serde::{Deserialize, Serialize};

use super::{Digest, Head, StoreError, TraceId, WriterId};

/// What an auditor brings to a verification from elsewhere, since who can change the log can change what lies beside it.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Heads that were exported earlier and kept elsewhere.
    pub heads: Vec<Head>,
    /// The public keys to believe, as PEM; if empty, those beside the log are believed.
    pub public_keys: Vec<String>,
}

impl Trust {
    /// The heads in the text of an exported `heads.jsonl`; the file name is for the error.
    pub fn read_heads(file: &std::path::Path, text: &str) -> Result<Vec<Head>, StoreError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(index, line)| serde_json::from_str(line).map_err(|_| not_a_head(file, index))).collect()
    }
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// The chains that were walked, oldest writer first.
    pub chains: Vec<ChainReport>,
    /// The places that are not as they were written, in the order they were met.
    pub findings: Vec<Finding>,
    /// How many more findings there were than are listed.
    pub findings_left_out: u64,
}

impl VerifyReport {
    /// How many findings are listed.
    pub const MAX_FINDINGS: usize = 1_000;

    /// Whether everything is as it was written. An unfinished write that a crash left is listed and doesn't count.
    pub fn is_clean(&self) -> bool {
        self.findings_left_out == 0 && self.findings.iter().all(|finding| finding.kind == FindingKind::TornTail)
    }

    /// Lists a finding, or counts it once the list is full.
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.findings.len() < VerifyReport::MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.findings_left_out = self.findings_left_out.saturating_add(1);
        }
    }
}

/// How far one chain was walked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// Its writer.
    pub writer: WriterId,
    /// How many traces were read whole.
    pub traces: u64,
    /// How many of them are purged.
    pub purged: u64,
    /// The last trace that was read; 0 if there is none.
    pub last: u64,
    /// Its link.
    pub link: Digest,
    /// How many signed heads agree with the chain.
    pub heads: u64,
    /// The newest trace that a signed head vouches for; what comes after it could be cut unseen.
    pub sealed: u64,
}

/// One place that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What is wrong, for programs.
    pub kind: FindingKind,
    /// The chain.
    pub writer: Option<WriterId>,
    /// The trace, or the first of those it is about.
    pub trace: Option<TraceId>,
    /// The file, relative to the data directory.
    pub file: PathBuf,
    /// Where in the file, in bytes from its beginning; for line files, where the line begins.
    pub offset: u64,
    /// What is wrong, for a reader.
    pub message: Message,
}

/// What may be wrong with a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// The bytes of a trace were changed.
    Changed,
    /// Traces are missing between others.
    Deleted,
    /// A trace stands after one that came later.
    Reordered,
    /// A trace occurs twice.
    Repeated,
    /// A trace doesn't continue the one before.
    LinkBroken,
    /// The log ends before the last trace that a signed head promises.
    CutBelowHead,
    /// A signed head has another link than the chain: the chain was written anew.
    HeadDisagrees,
    /// A line of the heads file is not a head, or its signature is wrong.
    HeadInvalid,
    /// A head is signed with a key that is not believed.
    KeyUnknown,
    /// A line of the purges file is not a purge record, or its signature is wrong.
    PurgeInvalid,
    /// A payload is gone and no signed record says why.
    PurgeUnrecorded,
    /// A signed record says that a payload is gone, and it is there.
    PurgeUndone,
    /// A segment file's own heading is wrong.
    SegmentInvalid,
    /// The bytes after the last whole trace or line are none: a write that a crash interrupted, never acknowledged.
    TornTail,
    /// A file that does not belong there.
    Stray,
}

fn not_a_head(file: &std::path::Path, index: usize) -> StoreError {
    let line = index.saturating_add(1);
    StoreError::Unreadable {
        path: file.to_owned(),
        cause: Message::new(
            format!("la línea {line} no es una cabeza firmada; use el archivo tal como se exportó"),
            format!("line {line} is not a signed head; use the file as it was exported"),
        ),
    }
}
