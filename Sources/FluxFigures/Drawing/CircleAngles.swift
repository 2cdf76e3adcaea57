import Glibc

/// The cosine of step `i` of `n` around a circle.
func cosine(_ i: Int, _ n: Int) -> Double { cos(2 * .pi * Double(i) / Double(n)) }

/// The sine of step `i` of `n` around a circle.
func sine(_ i: Int, _ n: Int) -> Double { sin(2 * .pi * Double(i) / Double(n)) }
