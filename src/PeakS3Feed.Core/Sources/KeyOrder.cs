namespace PeakS3Feed.Sources;

/// <summary>
/// The order in which S3 lists keys: by the bytes of their UTF-8. .NET's ordinal order is that of UTF-16, which puts
/// characters beyond U+FFFF before those from U+E000 on. Keeps no state.
/// </summary>
public sealed class KeyOrder : IComparer<string>
{
    /// <summary>The one instance there needs to be.</summary>
    public static KeyOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return x is null ? (y is null ? 0 : -1) : 1;
        var same = x.AsSpan().CommonPrefixLength(y);
        if (same == x.Length || same == y.Length)
            return x.Length.CompareTo(y.Length);
        var (a, b) = (x[same], y[same]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : (char.IsSurrogate(a) ? 1 : -1);
    }
}
