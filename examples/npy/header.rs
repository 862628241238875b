//! The header of a .npy file: a Python dictionary, read as tolerantly as NumPy reads it, and written.
//!
//! `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` is what NumPy writes. It reads any
//! literal of Python: other orders and quotes, line feeds, comments, and the `(3L, 4L)` of Python 2.
//! So this reads literals too, but keeps only the text of those that a plain array does not have.
//! What nobody writes is refused: integers that are not decimal, strings in parts, a key twice.
//! Nothing recurses, so that no header is too deep.
//!
//! The format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use crate::array::Order;

/// NumPy refuses longer headers too.
pub(crate) const MAX_HEADER: usize = 10_000;
/// Magic string, version and the length of the header: 12 bytes since version 2.0.
pub(crate) const MAX_PREAMBLE: usize = 12;

const MAGIC: &[u8] = b"\x93NUMPY";
/// Headers end, and elements begin, at a multiple of this.
const ALIGNMENT: usize = 64;

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) descr: Descr,
    pub(crate) order: Order,
    pub(crate) shape: Vec<u64>,
}

/// What a header says of the elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Descr {
    /// A string, such as `<f8`.
    Plain(String),
    /// The text of a list of fields, or of a subarray.
    Structured(String),
}

/// Reads what stands before the elements, and says how many bytes that is.
pub(crate) fn read(start: &[u8]) -> Result<(Header, usize), String> {
    let Some(rest) = start.strip_prefix(MAGIC) else {
        return Err("not a .npy file: it does not begin with \\x93NUMPY".to_owned());
    };
    let (length, text) = match rest {
        [1, 0, a, b, text @ ..] => (u16::from_le_bytes([*a, *b]).into(), text),
        [2 | 3, 0, a, b, c, d, text @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), text),
        [1..=3, 0, ..] | [_] | [] => {
            return Err(format!("truncated: {} bytes and no header", start.len()));
        }
        [major, minor, ..] => {
            return Err(format!("version {major}.{minor} of the format, not 1.0 to 3.0"));
        }
    };
    let length = length as usize;
    if length > MAX_HEADER {
        return Err(format!("header of {length} bytes; NumPy reads up to {MAX_HEADER}"));
    }
    let begin = start.len() - text.len() + length;
    let actual = text.len();
    let text = text
        .get(..length)
        .ok_or_else(|| format!("truncated: header of {length} bytes, and the file has {actual}"))?;
    let header = if rest[0] < 3 {
        // Latin-1, whose bytes are the first characters of Unicode.
        parse(&text.iter().copied().map(char::from).collect::<String>())
    } else {
        parse(str::from_utf8(text).map_err(|_| "the header is not text: it is no UTF-8")?)
    };
    Ok((header?, begin))
}

/// What NumPy writes before the elements: version 1.0, padded with blanks.
pub(crate) fn written(descr: &str, order: Order, shape: &[usize]) -> Vec<u8> {
    let fortran = if order == Order::Fortran { "True" } else { "False" };
    let shape = shape_text(shape);
    let mut text =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    let preamble = MAGIC.len() + 4;
    let length = (preamble + text.len() + 1).next_multiple_of(ALIGNMENT) - preamble;
    text += &" ".repeat(length - 1 - text.len());
    text.push('\n');
    // Of the 64 extents that an array may have, each takes up to 22 bytes.
    let length = u16::try_from(length).expect("a header is short");
    [MAGIC, &[1, 0], &length.to_le_bytes(), text.as_bytes()].concat()
}

/// A shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`.
pub(crate) fn shape_text<T: ToString>(shape: &[T]) -> String {
    match shape {
        [extent] => format!("({},)", extent.to_string()),
        extents => {
            let extents: Vec<String> = extents.iter().map(T::to_string).collect();
            format!("({})", extents.join(", "))
        }
    }
}

/// Reads the dictionary, of which nothing may be missing and nothing unknown.
fn parse(text: &str) -> Result<Header, String> {
    let mut literal = Literal { text, at: 0 };
    let (mut descr, mut order, mut shape) = (None, None, None);
    if !literal.take('{') {
        return Err("the header is not a dictionary".to_owned());
    }
    while !literal.take('}') {
        let key = literal.value()?;
        if !literal.take(':') {
            return Err(match key {
                Value::String(_) => literal.expected("':'"),
                _ => "the header is not a dictionary with strings for keys".to_owned(),
            });
        }
        let Value::String(key) = key else {
            return Err("the header is not a dictionary with strings for keys".to_owned());
        };
        let value = literal.value()?;
        let repeated = match &key[..] {
            "descr" => descr.replace(descr_of(value)?).is_some(),
            "fortran_order" => order.replace(order_of(value)?).is_some(),
            "shape" => shape.replace(shape_of(value)?).is_some(),
            _ => return Err(format!("the header has the key '{}'", key.escape_debug())),
        };
        if repeated {
            return Err(format!("the header has more than one {key}"));
        }
        if !literal.take(',') && !literal.rest().starts_with('}') {
            return Err(literal.expected("',' or '}'"));
        }
    }
    if !literal.rest().is_empty() {
        return Err(literal.expected("the end"));
    }
    let missing = |key| format!("the header has no {key}");
    Ok(Header {
        descr: descr.ok_or_else(|| missing("descr"))?,
        order: order.ok_or_else(|| missing("fortran_order"))?,
        shape: shape.ok_or_else(|| missing("shape"))?,
    })
}

fn descr_of(value: Value<'_>) -> Result<Descr, String> {
    match value {
        Value::String(descr) => Ok(Descr::Plain(descr)),
        Value::Brackets(text) => Ok(Descr::Structured(text.to_owned())),
        Value::Word(word) => Err(format!("the descr is {word}, which is no string")),
    }
}

fn order_of(value: Value<'_>) -> Result<Order, String> {
    match value {
        Value::Word("False") => Ok(Order::C),
        Value::Word("True") => Ok(Order::Fortran),
        _ => Err("the fortran_order is neither True nor False".to_owned()),
    }
}

/// The extents of a tuple, whose elements overflow no `u64`.
fn shape_of(value: Value<'_>) -> Result<Vec<u64>, String> {
    let inner = match value {
        Value::Brackets(text) => text.strip_prefix('(').and_then(|text| text.strip_suffix(')')),
        _ => None,
    };
    let Some(inner) = inner.map(str::trim) else {
        return Err("the shape is no tuple".to_owned());
    };
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    let extents = match inner.strip_suffix(',') {
        Some(extents) => extents,
        None if inner.contains(',') => inner,
        None => return Err(format!("the shape ({}) is no tuple", inner.escape_debug())),
    };
    let extents: Vec<u64> = extents.split(',').map(extent).collect::<Result<_, _>>()?;
    // Zeros do not save a product that overflows, nor do they in NumPy.
    match extents.iter().try_fold(1u64, |product, &extent| product.checked_mul(extent.max(1))) {
        Some(_) => Ok(extents),
        None => Err(format!(
            "shape {} overflows: its extents multiply to 2^64 or more",
            shape_text(&extents)
        )),
    }
}

/// A number without a sign. Python 2 wrote `3L` for those of the type `long`.
fn extent(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.strip_suffix('L').unwrap_or(text).trim_end();
    let number = if digits.starts_with('+') { None } else { digits.parse().ok() };
    number.ok_or_else(|| {
        let text = text.escape_debug();
        format!("extent '{text}' in the shape is no whole number below 2^64")
    })
}

/// A value as far as it is looked at.
#[derive(Debug)]
enum Value<'a> {
    String(String),
    /// A number or a name.
    Word(&'a str),
    /// The text of a tuple, a list or a dictionary.
    Brackets(&'a str),
}

/// A literal of Python that is being read.
struct Literal<'a> {
    text: &'a str,
    /// A place between two characters.
    at: usize,
}

impl<'a> Literal<'a> {
    /// What is left, from the next character that is neither blank nor in a comment.
    fn rest(&mut self) -> &'a str {
        loop {
            let rest = self.text[self.at..].trim_start();
            self.at = self.text.len() - rest.len();
            if !rest.starts_with('#') {
                return rest;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// Goes past this character, if it is next.
    fn take(&mut self, character: char) -> bool {
        let is_next = self.rest().starts_with(character);
        if is_next {
            self.at += character.len_utf8();
        }
        is_next
    }

    fn expected(&mut self, what: &str) -> String {
        self.rest();
        format!("syntax error in the header at byte {}: {what} expected", self.at)
    }

    fn value(&mut self) -> Result<Value<'a>, String> {
        let rest = self.rest();
        if let Some(string) = self.string()? {
            return Ok(Value::String(string));
        }
        if rest.starts_with(['(', '[', '{']) {
            return self.brackets().map(Value::Brackets);
        }
        let end = rest.find(|c: char| !is_of_word(c)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.expected("a value"));
        }
        self.at += end;
        Ok(Value::Word(&rest[..end]))
    }

    /// A string, if one is next. A `u` may stand before it, as Python 2 wrote it.
    fn string(&mut self) -> Result<Option<String>, String> {
        let rest = self.rest();
        let quoted = rest.strip_prefix(['u', 'U']).unwrap_or(rest);
        let Some(quote) = quoted.chars().next().filter(|c| ['\'', '"'].contains(c)) else {
            return Ok(None);
        };
        let mut string = String::new();
        let mut characters = quoted.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\n' => break,
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\\' | '\'' | '"'))) => string.push(escaped),
                    _ => return Err("the header has an unknown escape in a string".to_owned()),
                },
                _ if character == quote => {
                    self.at = self.text.len() - quoted.len() + at + 1;
                    return Ok(Some(string));
                }
                _ => string.push(character),
            }
        }
        Err(self.expected("a string that ends"))
    }

    /// Goes past an opening bracket and all up to the one that closes it.
    fn brackets(&mut self) -> Result<&'a str, String> {
        let begin = self.at;
        let mut closing = Vec::new();
        loop {
            if self.string()?.is_some() {
                continue;
            }
            match self.rest().chars().next() {
                Some('(') => closing.push(')'),
                Some('[') => closing.push(']'),
                Some('{') => closing.push('}'),
                Some(bracket @ (')' | ']' | '}')) if closing.pop() != Some(bracket) => {
                    return Err(self.expected("the bracket that closes"));
                }
                Some(_) => {}
                None => return Err(self.expected("the bracket that closes")),
            }
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            if closing.is_empty() {
                return Ok(&self.text[begin..self.at]);
            }
        }
    }
}

/// Whether numbers and names are made of it, with their signs.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || ['_', '.', '+', '-'].contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(descr: &str, order: Order, shape: &[u64]) -> Header {
        Header { descr: Descr::Plain(descr.to_owned()), order, shape: shape.to_vec() }
    }

    #[test]
    fn what_is_written_is_read() {
        let long = [1; 64];
        for shape in [&[][..], &[0], &[3], &[2, 3], &[usize::MAX, 0], &long] {
            for order in [Order::C, Order::Fortran] {
                let bytes = written("<f8", order, shape);
                assert_eq!(bytes.len() % 64, 0);
                assert_eq!(bytes.last(), Some(&b'\n'));
                let shape: Vec<u64> = shape.iter().map(|&extent| extent as u64).collect();
                let longer = [&bytes[..], &[1, 2, 3]].concat();
                assert_eq!(read(&longer), Ok((header("<f8", order, &shape), bytes.len())));
            }
        }
    }

    #[test]
    fn literals_are_read_as_python_reads_them() {
        #[track_caller]
        fn case(text: &str, expected: &Header) {
            assert_eq!(parse(text).as_ref(), Ok(expected), "{text:?}");
        }
        let (c, fortran) = (header("<f8", Order::C, &[3, 4]), header("<f8", Order::Fortran, &[]));
        case("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", &c);
        case("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}   \n", &c);
        case("{'descr': '<f8', 'fortran_order': False, 'shape': (3L, 4L), }", &c);
        case("{'descr': '<f8', 'fortran_order': False, 'shape': (3 L, 4 ,), }", &c);
        case("{'shape': (3, 4), 'fortran_order': False, 'descr': '<f8'}", &c);
        case(r#"{"shape":(3,4),"descr":"<f8","fortran_order":False}"#, &c);
        case("{u'descr': U\"<f8\", u'fortran_order': False, u'shape': (0003, 4)}", &c);
        case(
            "\n{\t'descr'\n:\r\n'<f8',# a ' in a comment }\n'fortran_order':False,'shape':(\n3\n,4)\n}#end",
            &c,
        );
        case("{'descr': '<f8', 'fortran_order': True, 'shape': ()}", &fortran);
        case("{'descr': '<f8', 'fortran_order': True, 'shape': ( )}", &fortran);
        case(
            "{'descr': '\\\\\\'\\\"\"', 'fortran_order': False, 'shape': (7,)}",
            &header("\\'\"\"", Order::C, &[7]),
        );
        case(
            "{'descr': '', 'fortran_order': False, 'shape': (18446744073709551615,)}",
            &header("", Order::C, &[u64::MAX]),
        );
    }

    #[test]
    fn what_is_structured_keeps_its_text() {
        for descr in
            ["[('a]', '<f8', (2, 3)), ('b', [('c', '|O')])]", "('<f8', (2,))", "{'names': ['a']}"]
        {
            let text = format!("{{'fortran_order': True, 'descr': {descr}, 'shape': (1,)}}");
            let header = parse(&text).unwrap();
            assert_eq!(header.descr, Descr::Structured(descr.to_owned()));
            assert_eq!((header.order, &header.shape[..]), (Order::Fortran, &[1][..]));
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        #[track_caller]
        fn case(text: &str, words: &str) {
            let error = parse(text).unwrap_err();
            assert!(error.contains(words) && error.lines().count() == 1, "{text:?}: {error:?}");
        }
        case("", "not a dictionary");
        case("('descr', '<f8')", "not a dictionary");
        case("{", "byte 1: a value expected");
        case("{}", "no descr");
        case("{,}", "byte 1: a value expected");
        case("{'descr'}", "byte 8: ':' expected");
        case("{'descr', 'shape'}", "byte 8: ':' expected");
        case("{descr: '<f8'}", "strings for keys");
        case("{'descr': '<f8' 'shape': (1,)}", "byte 16: ',' or '}' expected");
        case("{'descr': '<f8',, 'shape': (1,)}", "byte 16: a value expected");
        case("{'descr': '<f8', 'descr': '<f4'}", "more than one descr");
        case("{'descr': '<f8', 'x\ty': 1}", "the key 'x\\ty'");
        case("{'descr': '<f8', 'x': 1}", "the key 'x'");
        case("{'descr': None}", "the descr is None");
        case("{'descr': '<f8}", "a string that ends");
        case("{'descr': '<f8\n'}", "a string that ends");
        case("{'descr': '\\x3cf8'}", "unknown escape");
        case("{'descr': '\\", "unknown escape");
        case("{'descr': [(']'}", "the bracket that closes");
        case("{'descr': [(])}", "the bracket that closes");
        case("{'descr': ", "a value expected");
        case("{'descr': \u{a4}}", "a value expected");
        case("{'fortran_order': 1}", "neither True nor False");
        case("{'fortran_order': 'False'}", "neither True nor False");
        for shape in ["3", "(3)", "[3]", "'(3,)'", "{3}", "None"] {
            case(&format!("{{'shape': {shape}}}"), "no tuple");
        }
        for shape in [
            "(,)", "(1,,2)", "(1 2,)", "((1,),)", "(-1,)", "(+1,)", "(1.0,)", "(0x1,)", "(L,)",
            "(1LL,)",
        ] {
            case(&format!("{{'shape': {shape}}}"), "no whole number");
        }
        case("{'shape': (18446744073709551616,)}", "below 2^64");
        case("{'shape': (4294967296, 4294967296, 0)}", "overflows");
        let plain = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";
        case(&format!("{plain}, 1"), "the end expected");
        case(&format!("{plain}\0"), "the end expected");
        // Cut anywhere, it is an error and no panic.
        for length in 0..plain.len() {
            assert!(parse(&plain[..length]).is_err(), "{length}");
        }
        for bracket in ["(", "[", "{"] {
            case(&format!("{{'descr': {}", bracket.repeat(9000)), "the bracket that closes");
        }
    }
}
