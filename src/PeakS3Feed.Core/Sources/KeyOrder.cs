namespace PeakS3Feed.Sources;

/// <summary>
/// Compares keys as S3 orders them: by their UTF-8 bytes. .NET's ordinal order compares UTF-16, where characters beyond U+FFFF precede those from
/// U+E000 to U+FFFF. Stateless.
/// </summary>
public sealed class KeyOrder : IComparer<string>
{
    /// <summary>The instance.</summary>
    public static KeyOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return x is null ? (y is null ? 0 : -1) : 1;
        return Compare(x.AsSpan(), y.AsSpan());
    }

    /// <summary>Compares two keys.</summary>
    internal static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var same = x.CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
            return x.Length.CompareTo(y.Length);
        var (a, b) = (x[same], y[same]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : (char.IsSurrogate(a) ? 1 : -1);
    }
}
