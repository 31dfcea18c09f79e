using System.Globalization;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>Decimals as numbers of JSON, with all their digits.</summary>
internal static class DeltaDecimal
{
    private const int MaxDigits = 38;

    /// <summary>Writes a decimal.</summary>
    /// <param name="unscaled">The decimal times ten to its scale.</param>
    /// <param name="scale">The number of digits after the point.</param>
    public static string Write(Int128 unscaled, int scale)
    {
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var sign = unscaled < 0 ? "-" : "";
        return scale == 0 ? sign + digits : $"{sign}{digits.AsSpan(0, digits.Length - scale)}.{digits.AsSpan(digits.Length - scale)}";
    }

    /// <summary>Reads a number of JSON, which may have an exponent.</summary>
    /// <param name="number">The text.</param>
    /// <param name="scale">The number of digits after the point of the result.</param>
    /// <param name="up">Whether a number with more digits is rounded up or down.</param>
    /// <returns>The decimal times ten to its scale; null if it has more than 38 digits.</returns>
    public static Int128? Read(string number, int scale, bool up)
    {
        var negative = number.StartsWith('-');
        var e = number.IndexOfAny(['e', 'E']);
        if (!int.TryParse(e < 0 ? "0" : number.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
            return null;
        var mantissa = number[(negative ? 1 : 0)..(e < 0 ? number.Length : e)];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        // The point of the result is after so many of the digits.
        var keep = (long)(point < 0 ? mantissa.Length : point) + exponent + scale;
        var kept = keep <= 0 ? "" : keep <= digits.Length ? digits[..(int)keep] : keep <= 2 * MaxDigits ? digits.PadRight((int)keep, '0') : null;
        if (kept is null)
            return digits.All(d => d == '0') ? Int128.Zero : null;
        kept = kept.TrimStart('0');
        if (kept.Length > MaxDigits)
            return null;
        var value = kept.Length == 0 ? Int128.Zero : Int128.Parse(kept, CultureInfo.InvariantCulture);
        var inexact = keep < digits.Length && digits.AsSpan((int)Math.Max(keep, 0)).ContainsAnyExcept('0');
        // Away from zero where that is the direction.
        if (inexact && up != negative)
            value++;
        return negative ? -value : value;
    }
}
