//! Arbitrary trees for property tests: everything that a file can say, with awkward names and texts.

use dictamen_syntax::Span;
use dictamen_syntax::tree::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

const AT: fn() -> Span = Span::default;

pub(crate) fn file() -> impl Strategy<Value = File> {
    let spelling = prop_oneof![Just(Spelling::Spanish), Just(Spelling::English)];
    (spelling, of(header()), vec(item(), 0..5), comments()).prop_map(|(spelling, header, items, trailing)| File {
        spelling,
        header,
        items,
        trailing,
    })
}

pub(crate) fn expression() -> BoxedStrategy<Expr> {
    expression_of(Forms::All)
}

/// Expressions without the forms that only files of rules have.
pub(crate) fn feel_expression() -> BoxedStrategy<Expr> {
    expression_of(Forms::Feel)
}

/// The forms of expressions that are wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Forms {
    All,
    Feel,
}

fn expression_of(forms: Forms) -> BoxedStrategy<Expr> {
    let leaf = leaf(forms).prop_map(expr).boxed();
    leaf.prop_recursive(5, 40, 4, move |inner| compound(inner, forms).prop_map(expr)).boxed()
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: AT() }
}

fn name() -> impl Strategy<Value = Name> {
    let plain =
        prop::sample::select(vec!["ingresos", "año", "x", "time", "date", "_a1", "uvt", "texto", "codigo", "error"]);
    let quoted = prop::sample::select(vec!["monto total", "if", "a+b", "1x", "in", "días de mora", "a`b", "espera x"]);
    prop_oneof![4 => plain, 1 => quoted].prop_map(named)
}

fn named(text: &str) -> Name {
    Name { text: text.to_owned(), span: AT() }
}

fn simple_name() -> impl Strategy<Value = Name> {
    prop::sample::select(vec!["rut", "comun", "valor_uvt", "tarifa"]).prop_map(named)
}

fn text() -> impl Strategy<Value = String> {
    let awkward =
        prop::sample::select(vec!["a|b", "// no", "comillas \"\"", "\\d\n\t", "/* */", "ñandú 🐎", "`", "--", "-"]);
    prop_oneof![3 => "[a-z ]{0,12}", 2 => awkward.prop_map(String::from), 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["0", "1", "42", "1.50", ".5", "1e3", "2E-4", "100000000000000000000"])
        .prop_map(String::from)
}

fn at() -> impl Strategy<Value = String> {
    let usual = prop::sample::select(vec!["2026-01-01", "2026-01-01T10:00:00Z", "P1D", "10:00:00@America/Bogota"]);
    prop_oneof![usual.prop_map(String::from), text()]
}

fn leaf(forms: Forms) -> impl Strategy<Value = ExprKind> {
    prop_oneof![
        1 => Just(ExprKind::Null),
        1 => any::<bool>().prop_map(ExprKind::Boolean),
        1 => number().prop_map(ExprKind::Number),
        1 => text().prop_map(ExprKind::Text),
        1 => at().prop_map(ExprKind::At),
        4 => name().prop_map(|name| ExprKind::Name(name.text)),
        1 => prop::sample::select(vec!["string length", "date and time"]).prop_map(|name| ExprKind::Name(name.to_owned())),
        1 => Just(ExprKind::Tested),
        1 => text().prop_map(move |text| if forms == Forms::All { ExprKind::Unreadable(text) } else { ExprKind::Text(text) }),
    ]
}

fn compound(inner: BoxedStrategy<Expr>, forms: Forms) -> BoxedStrategy<ExprKind> {
    let one = || inner.clone().prop_map(Box::new);
    let pair = || (one(), one());
    let three = || (one(), one(), one());
    let loops = || vec(iteration(inner.clone()), 1..3);
    let callee = prop_oneof![
        name().prop_map(|name| expr(ExprKind::Name(name.text))),
        inner.clone().prop_filter("callable", callable)
    ];
    prop_oneof![
        1 => (one(), name()).prop_map(|(of, name)| ExprKind::Path(of, Box::new(name))),
        1 => pair().prop_map(|(of, condition)| ExprKind::Filter(of, condition)),
        1 => (callee, arguments(inner.clone())).prop_map(|(function, arguments)| ExprKind::Call(Box::new(function), arguments)),
        1 => one().prop_map(ExprKind::Negate),
        6 => (binary(), pair()).prop_map(|(op, (left, right))| ExprKind::Binary(op, left, right)),
        1 => three().prop_map(|(value, low, high)| ExprKind::Between(value, low, high)),
        1 => (one(), vec(test(inner.clone()), 1..3)).prop_map(|(value, tests)| ExprKind::In(value, tests)),
        1 => (one(), feel_type()).prop_map(|(value, ty)| ExprKind::InstanceOf(value, Box::new(ty))),
        1 => three().prop_map(|(condition, then, otherwise)| ExprKind::If(condition, then, otherwise)),
        1 => (loops(), one()).prop_map(|(iterations, body)| ExprKind::For(iterations, body)),
        1 => (any::<bool>(), loops(), one()).prop_map(|(some, iterations, body)| {
            ExprKind::Quantified(if some { Quantifier::Some } else { Quantifier::Every }, iterations, body)
        }),
        1 => vec(inner.clone(), 0..4).prop_map(ExprKind::List),
        1 => vec((name(), inner.clone(), comments()), 0..4).prop_map(|entries| ExprKind::Context(
            entries.into_iter().map(|(name, value, comments)| Entry { name, value, comments }).collect()
        )),
        1 => range(inner.clone()).prop_map(|range| ExprKind::Range(Box::new(range))),
        1 => (parameters(), one()).prop_map(|(parameters, body)| ExprKind::Function(parameters, body)),
        1 => (parameters(), vec((name(), inner.clone()), 0..2)).prop_map(|(parameters, entries)| {
            let entry = |(name, value)| Entry { name, value, comments: Vec::new() };
            let context = expr(ExprKind::Context(entries.into_iter().map(entry).collect()));
            ExprKind::Function(parameters, Box::new(expr(ExprKind::External(Box::new(context)))))
        }),
        1 => (one(), feel_type()).prop_map(move |(value, ty)| if forms == Forms::All { ExprKind::Typed(value, Box::new(ty)) } else { value.kind }),
    ]
    .boxed()
}

fn parameters() -> impl Strategy<Value = Vec<(Name, Option<TypeExpr>)>> {
    vec((name(), of(feel_type())), 0..3)
}

fn callable(expr: &Expr) -> bool {
    use ExprKind::{At, Boolean, Null, Number, Text};
    !matches!(expr.kind, Number(_) | Text(_) | At(_) | Null | Boolean(_))
}

fn binary() -> impl Strategy<Value = BinaryOp> {
    prop_oneof![
        Just(BinaryOp::Or),
        Just(BinaryOp::And),
        comparison().prop_map(BinaryOp::Compare),
        Just(BinaryOp::Add),
        Just(BinaryOp::Subtract),
        Just(BinaryOp::Multiply),
        Just(BinaryOp::Divide),
        Just(BinaryOp::Power),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn iteration(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Iteration> {
    let list = inner.clone().prop_map(Domain::List);
    let interval = (inner.clone(), inner).prop_map(|(from, to)| Domain::Interval(from, to));
    (name(), prop_oneof![list, interval]).prop_map(|(name, domain)| Iteration { name, domain })
}

fn arguments(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Arguments> {
    let positional = vec(inner.clone(), 0..3).prop_map(Arguments::Positional);
    let by_name = vec((name(), inner), 1..3).prop_map(Arguments::Named);
    prop_oneof![positional, by_name]
}

fn range(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = RangeExpr> {
    let whole = (inner.clone(), any::<bool>(), inner.clone(), any::<bool>()).prop_map(
        |(low, low_closed, high, high_closed)| RangeExpr { low: Some(low), low_closed, high: Some(high), high_closed },
    );
    let above = (inner.clone(), any::<bool>()).prop_map(|(low, low_closed)| RangeExpr {
        low: Some(low),
        low_closed,
        high: None,
        high_closed: false,
    });
    let below = (inner, any::<bool>()).prop_map(|(high, high_closed)| RangeExpr {
        low: None,
        low_closed: false,
        high: Some(high),
        high_closed,
    });
    prop_oneof![2 => whole, 1 => above, 1 => below]
}

fn test(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Test> {
    let compare = (comparison(), inner.clone()).prop_map(|(op, value)| TestKind::Compare(op, value));
    let value = inner.prop_map(TestKind::Expression);
    prop_oneof![compare, value].prop_map(|kind| Test { kind, span: AT() })
}

/// Cells have no comments of their own: the parser puts them above the row.
fn cell_expression() -> impl Strategy<Value = Expr> {
    cell_expression_of(Forms::All)
}

fn cell_expression_of(forms: Forms) -> BoxedStrategy<Expr> {
    expression_of(forms).prop_map(without_comments).boxed()
}

fn without_comments(expr: Expr) -> Expr {
    let text = dictamen_syntax::print_expression(&expr);
    let source = dictamen_syntax::Source::new("cell", text);
    dictamen_syntax::parse_expression(&source, dictamen_syntax::SourceId(0), &dictamen_syntax::Names::default()).0
}

pub(crate) fn tests() -> impl Strategy<Value = Tests> {
    tests_of(Forms::All)
}

/// Tests without the forms that only files of rules have.
pub(crate) fn feel_tests() -> impl Strategy<Value = Tests> {
    tests_of(Forms::Feel)
}

fn tests_of(forms: Forms) -> impl Strategy<Value = Tests> {
    let some = move || vec(test(cell_expression_of(forms)), 1..3);
    let kinds = prop_oneof![1 => Just(TestsKind::Any), 3 => some().prop_map(TestsKind::AnyOf), 1 => some().prop_map(TestsKind::NoneOf)];
    kinds.prop_map(|kind| Tests { kind, span: AT() })
}

fn ty(kind: TypeKind) -> TypeExpr {
    TypeExpr { kind, span: AT() }
}

fn type_name() -> impl Strategy<Value = TypeKind> {
    let names = vec!["texto", "numero", "dinero", "fecha_hora", "Nit", "comun.Nit", "Tipo raro", "string", "booleano"];
    prop::sample::select(names).prop_map(|name| TypeKind::Name(name.to_owned()))
}

fn feel_type() -> impl Strategy<Value = TypeExpr> {
    type_name().prop_map(ty).prop_recursive(3, 8, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let field = (name(), inner.clone()).prop_map(|(name, ty)| FieldDeclaration { comments: Vec::new(), name, ty });
        let kind = prop_oneof![
            one().prop_map(TypeKind::List),
            one().prop_map(TypeKind::Range),
            vec(field, 0..3).prop_map(TypeKind::Record),
            (vec(inner.clone(), 0..3), one()).prop_map(|(parameters, result)| TypeKind::Function(parameters, result)),
        ];
        kind.prop_map(ty)
    })
}

pub(crate) fn declared_type() -> impl Strategy<Value = TypeExpr> {
    let names = type_name().prop_map(ty);
    let unit = || vec(simple_name(), 0..3);
    let with_unit = (names.prop_map(Box::new), unit(), unit())
        .prop_map(|(of, above, below)| ty(TypeKind::WithUnit(of, above, below)));
    let choice = vec(literal(), 1..4).prop_map(|choices| ty(TypeKind::Choice(choices)));
    let leaf = prop_oneof![3 => type_name().prop_map(ty), 1 => with_unit, 1 => choice];
    leaf.prop_recursive(4, 12, 3, |inner| {
        let one = || inner.clone().prop_map(Box::new);
        let field = (comments(), name(), inner.clone()).prop_map(|(comments, name, ty)| FieldDeclaration {
            comments,
            name,
            ty,
        });
        let condition = || cell_expression().prop_map(Box::new);
        let kind = prop_oneof![
            one().prop_map(TypeKind::List),
            one().prop_map(TypeKind::Range),
            vec(field, 0..4).prop_map(TypeKind::Record),
            one().prop_map(TypeKind::Optional),
            (one(), tests().prop_filter("tests", |tests| tests.kind != TestsKind::Any))
                .prop_map(|(of, tests)| TypeKind::Tested(of, Box::new(tests))),
            (one(), condition()).prop_map(|(of, condition)| TypeKind::Where(of, condition)),
            (vec(inner.clone(), 0..3), one()).prop_map(|(parameters, result)| TypeKind::Function(parameters, result)),
        ];
        kind.prop_map(ty)
    })
}

fn literal() -> impl Strategy<Value = Expr> {
    prop_oneof![text().prop_map(ExprKind::Text), number().prop_map(ExprKind::Number), at().prop_map(ExprKind::At)]
        .prop_map(expr)
}

pub(crate) fn comments() -> impl Strategy<Value = Vec<Comment>> {
    let comment = prop::sample::select(vec!["// uno", "// \"dos", "//", "/* tres */", "// | a | b |"]);
    let comment = comment.prop_map(|text| Comment { text: text.to_owned(), span: AT() });
    prop_oneof![4 => Just(Vec::new()), 1 => vec(comment, 1..3)]
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    use AttributeKey::{LegalBasis, Note, Owner, Title, ToVerify, Version};
    let order = [Title, LegalBasis, Owner, Version, Note, ToVerify];
    let attribute = (prop::sample::select(order.to_vec()), text(), comments());
    let attribute = attribute.prop_map(|(key, text, comments)| Attribute { key, text, comments, span: AT() });
    vec(attribute, 0..3).prop_map(move |mut attributes| {
        attributes.sort_by_key(|attribute| order.iter().position(|key| *key == attribute.key));
        attributes
    })
}

fn header() -> BoxedStrategy<Header> {
    let date = || at().prop_map(|text| expr(ExprKind::At(text)));
    let dates = (of((date(), of(date()))), of(date()), any::<bool>());
    (comments(), simple_name(), attributes(), dates)
        .prop_map(|(comments, id, attributes, (in_force, published, dmn_mode))| Header {
            comments,
            id,
            cases_only: false,
            attributes,
            in_force,
            published,
            dmn_mode,
            span: AT(),
        })
        .boxed()
}

fn item() -> BoxedStrategy<Item> {
    let kind = prop_oneof![
        (simple_name(), of(name())).prop_map(|(ruleset, alias)| ItemKind::Import(Import { ruleset, alias })),
        (name(), attributes(), declared_type()).prop_map(|(name, attributes, ty)| ItemKind::Type(TypeDeclaration {
            name,
            attributes,
            ty
        })),
        (name(), declared_type(), attributes()).prop_map(|(name, ty, attributes)| ItemKind::Input(Input {
            name,
            ty,
            attributes
        })),
        parameter().prop_map(ItemKind::Parameter),
        (name(), of(declared_type()), attributes(), locals(), expression()).prop_map(
            |(name, ty, attributes, locals, body)| ItemKind::Decision(Decision { name, ty, attributes, locals, body })
        ),
        service().prop_map(ItemKind::Service),
        (name(), of(declared_type()), attributes(), table_body())
            .prop_map(|(name, ty, attributes, body)| ItemKind::Table(Table { name, ty, attributes, body })),
        function().prop_map(ItemKind::Function),
        letter().prop_map(ItemKind::Letter),
        glossary().prop_map(ItemKind::Glossary),
        case().prop_map(ItemKind::Case),
    ];
    (comments(), kind).prop_map(|(comments, kind)| Item { comments, kind, span: AT() }).boxed()
}

fn parameter() -> BoxedStrategy<Parameter> {
    let date = || at().prop_map(|text| expr(ExprKind::At(text)));
    let value = cell_expression();
    let attribute =
        (prop::sample::select(vec![AttributeKey::LegalBasis, AttributeKey::Note, AttributeKey::ToVerify]), text());
    let attribute = attribute.prop_map(|(key, text)| Attribute { key, text, comments: Vec::new(), span: AT() });
    let row = (comments(), date(), of(date()), of(date()), value, vec(attribute, 0..2)).prop_map(
        |(comments, from, to, known, value, mut attributes)| {
            attributes.truncate(1);
            ParameterRow { comments, from: Some(from), to, known, value: Some(value), attributes, span: AT() }
        },
    );
    (name(), declared_type(), attributes(), vec(row, 0..4), comments())
        .prop_map(|(name, ty, attributes, rows, trailing)| Parameter { name, ty, attributes, rows, trailing })
        .boxed()
}

fn locals() -> impl Strategy<Value = Vec<Local>> {
    let local = (comments(), name(), of(declared_type()), expression());
    vec(local.prop_map(|(comments, name, ty, value)| Local { comments, name, ty, value }), 0..3)
}

/// The text of a class or method, which is never empty.
fn method() -> impl Strategy<Value = String> {
    text().prop_filter("not empty", |text| !text.is_empty())
}

fn service() -> BoxedStrategy<Service> {
    let names = || vec(name(), 0..3);
    let lists = (vec(name(), 1..12), names(), names(), names());
    (name(), of(declared_type()), attributes(), lists)
        .prop_map(|(name, ty, attributes, (outputs, encloses, inputs, input_decisions))| Service {
            name,
            ty,
            attributes,
            outputs,
            encloses,
            inputs,
            input_decisions,
        })
        .boxed()
}

fn function() -> BoxedStrategy<Function> {
    let body = prop_oneof![
        3 => (locals(), expression()).prop_map(|(locals, body)| FunctionBody::Expression(locals, body)),
        3 => table_body().prop_map(FunctionBody::Table),
        1 => (method(), method()).prop_map(|(class, method)| FunctionBody::External { class, method }),
    ];
    let parameters = vec((name(), of(declared_type())), 0..3);
    (name(), parameters, of(declared_type()), attributes(), body)
        .prop_map(|(name, parameters, ty, attributes, body)| Function { name, parameters, ty, attributes, body })
        .boxed()
}

fn policy() -> impl Strategy<Value = HitPolicy> {
    use HitPolicy::{
        Any, Collect, CollectCount, CollectMax, CollectMin, CollectSum, First, OutputOrder, Priority, RuleOrder, Unique,
    };
    let all = [
        Unique,
        Any,
        Priority,
        First,
        RuleOrder,
        OutputOrder,
        Collect,
        CollectSum,
        CollectMin,
        CollectMax,
        CollectCount,
    ];
    prop::sample::select(all.to_vec())
}

fn annotation_name() -> impl Strategy<Value = Name> {
    prop::sample::select(vec!["base_legal", "nota", "fuente", "otra fuente"]).prop_map(named)
}

fn table_body() -> BoxedStrategy<TableBody> {
    (0..4usize, 1..3usize, 0..3usize)
        .prop_flat_map(|(inputs, outputs, annotations)| {
            let values = move || vec(cell_expression(), outputs);
            let texts = move || vec(text(), annotations);
            let row = (comments(), vec(tests(), inputs), values(), texts());
            let row = row.prop_map(|(comments, inputs, outputs, annotations)| Row {
                comments,
                inputs,
                outputs,
                annotations,
                span: AT(),
            });
            let default = (comments(), values(), texts()).prop_map(|(comments, outputs, annotations)| DefaultRow {
                comments,
                outputs,
                annotations,
                span: AT(),
            });
            let heads = (vec(cell_expression(), inputs), vec(name(), outputs), vec(annotation_name(), annotations));
            (policy(), heads, vec(row, 0..4), of(default), comments()).prop_map(
                |(policy, heads, rows, default, trailing)| TableBody {
                    policy,
                    policy_span: AT(),
                    inputs: heads.0,
                    outputs: heads.1,
                    annotations: heads.2,
                    rows,
                    default,
                    trailing,
                },
            )
        })
        .boxed()
}

fn letter() -> BoxedStrategy<Letter> {
    let parts = [LetterPart::Subject, LetterPart::Decided, LetterPart::Reasons, LetterPart::Options];
    let lines = prop::sample::subsequence(parts.to_vec(), 0..=parts.len()).prop_shuffle();
    let lines = lines.prop_flat_map(|parts| {
        let line = |part| {
            (comments(), expression()).prop_map(move |(comments, value)| LetterLine {
                comments,
                part,
                value,
                span: AT(),
            })
        };
        parts.into_iter().map(line).collect::<Vec<_>>()
    });
    (name(), locals(), lines)
        .prop_map(|(decision, locals, lines)| Letter { decision, attributes: Vec::new(), locals, lines })
        .boxed()
}

fn glossary() -> BoxedStrategy<Glossary> {
    let entry = (comments(), method(), method());
    let entry = entry.prop_map(|(comments, term, meaning)| GlossaryEntry { comments, term, meaning, span: AT() });
    (vec(entry, 0..4), comments())
        .prop_map(|(entries, trailing)| Glossary { attributes: Vec::new(), entries, trailing })
        .boxed()
}

fn case() -> BoxedStrategy<Case> {
    let date = || of(at().prop_map(|text| expr(ExprKind::At(text))));
    let holds = expression().prop_map(ExpectationKind::Holds);
    let fails = (text(), simple_name()).prop_map(|(code, decision)| ExpectationKind::Fails { code, decision });
    let expectation =
        (comments(), prop_oneof![holds, fails]).prop_map(|(comments, kind)| Expectation { comments, kind, span: AT() });
    let like = of(text().prop_map(|title| Like { title, span: AT(), laid: false }));
    (text(), attributes(), like, date(), date(), of(expression()), vec(expectation, 0..3))
        .prop_map(|(title, attributes, like, as_of, known_at, given, expectations)| Case {
            title,
            title_span: AT(),
            attributes,
            like,
            as_of,
            known_at,
            given,
            expectations,
        })
        .boxed()
}
