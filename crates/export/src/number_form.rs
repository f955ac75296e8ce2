//! Which numbers other tools read without a loss.

use graph_contracts::json::Number;

/// So many digits of a number a float of 64 bits holds (IEEE 754).
const MOST_DIGITS: usize = 15;

/// Whether a float of 64 bits comes near the number.
pub(crate) fn is_finite(number: &Number) -> bool {
    number.literal().parse::<f64>().is_ok_and(f64::is_finite)
}

/// Whether a float of 64 bits holds the number, as JavaScript has it.
pub(crate) fn is_exact(number: &Number) -> bool {
    let literal = number.literal();
    let digits = literal.split(['e', 'E']).next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    digits <= MOST_DIGITS && is_finite(number)
}

/// Whether it is written without an exponent, too.
pub(crate) fn is_plain(number: &Number) -> bool {
    let is_whole = number.literal().parse::<i64>().is_ok();
    is_whole || (is_exact(number) && !number.literal().contains(['e', 'E']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_plain() {
        let check = |literal: &str, expected: (bool, bool)| {
            let number = Number::from_literal(literal).expect(literal);
            assert_eq!((is_exact(&number), is_plain(&number)), expected, "{literal}");
        };
        check("-1.50", (true, true));
        check("1e5", (true, false));
        check("9223372036854775807", (false, true));
        check("1e400", (false, false));
        check("18446744073709551616", (false, false));
        check("0.1234567890123456", (false, false));
    }
}
