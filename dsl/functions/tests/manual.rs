//! The manual of the built-in functions, `docs/functions.md`, is made from the entries: this test says where it is behind,
//! and writes it anew where `DICTAMEN_BLESS` is set.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::fmt::Write;
use std::path::Path;

use dictamen_functions::{Entry, all, chapters};
use dictamen_value::Language;

const INTRODUCTION: &str = "\
# Funciones incorporadas · Built-in functions

Hecho a partir del catálogo (`dsl/functions`); no se edita a mano: `DICTAMEN_BLESS=1 cargo test -p dictamen-functions --test manual`.
Los nombres y los parámetros son los de FEEL (DMN 1.5, 10.3.4). Tras `:` va el tipo; `?` dice que puede faltar o ser `null`; `…`, que se
repite. `T` es cualquier tipo, el mismo en toda la firma; `numero*`, un número que conserva su unidad. En reglas propias, un argumento que
no sirve detiene la decisión; en `modo dmn` da `null`. Los ejemplos son pruebas: todos corren.

Made from the catalogue (`dsl/functions`); not edited by hand. Names and parameters are FEEL's (DMN 1.5, 10.3.4). After `:` comes the type;
`?` says that it may be missing or `null`; `…` that it is repeated. `T` is any type, the same throughout a signature; `numero*` a number
that keeps its unit. In native rules an argument that makes no sense stops the decision; in `modo dmn` it gives `null`. The examples are
tests: all of them run.

Dependen de un reloj, que ninguna función tiene: `today()` y `now()` son la fecha y el momento de la decisión, que pone quien la pide. ·
They depend on a clock, which no function has: `today()` and `now()` are the date and the moment of the decision, given by whoever asks for it.
";

/// What stands before the list of Java methods.
const EXTERNAL: &str = "
## Funciones externas de Java · External Java functions

Métodos que un modelo DMN puede llamar, y una regla con `externa java \"clase\" \"método(tipos)\"`. Nada se carga: están hechos aquí, y dan los mismos bits en
cualquier máquina.\\
Methods that a DMN model may call, and a rule with `external java \"class\" \"method(types)\"`. Nothing is loaded: they are made here, and give the same bits on
every machine.

```
";

#[test]
fn the_manual_is_made_from_the_entries() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/functions.md");
    let made = manual();
    if std::env::var_os("DICTAMEN_BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let first = made.lines().zip(kept.lines().chain(std::iter::repeat(""))).find(|(made, kept)| made != kept);
    assert!(made == kept, "docs/functions.md is behind: DICTAMEN_BLESS=1 writes it anew. First difference: {first:?}");
}

fn manual() -> String {
    let mut out = INTRODUCTION.to_owned();
    for (chapter, title) in chapters() {
        write!(out, "\n## {} · {}\n", title.es, title.en).unwrap();
        all().filter(|entry| entry.chapter == chapter).for_each(|entry| write_entry(entry, &mut out));
    }
    let left_out = all().find(|entry| !chapters().iter().any(|(chapter, _)| *chapter == entry.chapter));
    assert!(left_out.is_none(), "no chapter has {left_out:?}");
    out.push_str(EXTERNAL);
    dictamen_functions::external::all().for_each(|method| writeln!(out, "{method}").unwrap());
    out.push_str("```\n");
    out
}

fn write_entry(entry: &Entry, out: &mut String) {
    write!(out, "\n### {}\n\n{}\\\n{}\n\n```\n", entry.name, entry.doc_es, entry.doc_en).unwrap();
    for line in entry.written_signatures(Language::Es) {
        writeln!(out, "{line}").unwrap();
    }
    out.push_str("```\n\n```\n");
    for example in entry.examples {
        writeln!(out, "{} = {}", example.call, example.result).unwrap();
    }
    out.push_str("```\n");
}
