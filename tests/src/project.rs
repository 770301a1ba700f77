//! The project as it stands on disk: its folders, its crates and what they depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ stands in the project").to_path_buf()
}

/// Whether the long forms of tests are asked for: `make soak` sets `DICTAMEN_SOAK=1`.
pub fn is_soak() -> bool {
    std::env::var_os("DICTAMEN_SOAK").is_some()
}

/// A file of the project as text.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder with one of these extensions, sorted; build products and hidden folders left out.
pub fn files_below(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && !["target", "node_modules", "data"].contains(&&*name) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extensions.contains(&&*extension.to_string_lossy())) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What cargo knows of the workspace and of all that it depends on.
pub fn metadata() -> Value {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(root());
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo metadata gives JSON")
}

/// The crates of the workspace, each with those of ours that it depends on outside its tests.
pub fn arrows(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let members: Vec<&Value> = members(metadata).collect();
    let ours: BTreeSet<&str> = members.iter().map(|package| package["name"].as_str().unwrap()).collect();
    let own = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let normal = dependencies.filter(|dependency| dependency["kind"].is_null());
        normal
            .map(|dependency| dependency["name"].as_str().unwrap())
            .filter(|name| ours.contains(name))
            .map(str::to_owned)
            .collect()
    };
    members.iter().map(|package| (package["name"].as_str().unwrap().to_owned(), own(package))).collect()
}

/// The packages that are members of the workspace.
pub fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let members = metadata["workspace_members"].as_array().unwrap();
    metadata["packages"].as_array().unwrap().iter().filter(move |package| members.contains(&package["id"]))
}
