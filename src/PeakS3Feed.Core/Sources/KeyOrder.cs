namespace PeakS3Feed.Sources;

/// <summary>The order of keys on S3: that of their UTF-8 bytes.</summary>
public static class KeyOrder
{
    /// <summary>
    /// Compares two keys as UTF-8 without encoding them. UTF-16 code units order alike, but for surrogates (U+10000 and above),
    /// which stand below U+E000 to U+FFFF in UTF-16 and above them in UTF-8.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var at = left.AsSpan().CommonPrefixLength(right);
        if (at == left.Length || at == right.Length)
            return left.Length.CompareTo(right.Length);
        return Rank(left[at]).CompareTo(Rank(right[at]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
