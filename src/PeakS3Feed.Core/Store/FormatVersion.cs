using System.Globalization;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Store;

/// <summary>
/// The version of the definitions' format. A newer minor version only adds members. A file of a newer major version is neither read nor changed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FormatVersion(int Major, int Minor) : IComparable<FormatVersion>
{
    /// <summary>The version that this program writes.</summary>
    public static FormatVersion Current => new(1, 2);

    public static FormatVersion? Parse(string? text)
        => text?.Split('.') is [var major, var minor] && Number(major) is { } a && Number(minor) is { } b ? new(a, b) : null;

    public int CompareTo(FormatVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public static bool operator <(FormatVersion left, FormatVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(FormatVersion left, FormatVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(FormatVersion left, FormatVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FormatVersion left, FormatVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
