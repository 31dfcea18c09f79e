using System.Globalization;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Store;

/// <summary>
/// The version of the definitions' format. A newer minor version only adds members. A file of a newer major version is neither read nor changed.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FormatVersion(int Major, int Minor) : IComparable<FormatVersion>
{
    /// <summary>The version that this program writes, unless the definitions need a newer one.</summary>
    public static FormatVersion Current => new(1, 2);

    /// <summary>
    /// The newest version that this program knows. Definitions have it if a feed has a setting that a program of the first major version would
    /// ignore, and so would read other rows. Such a program refuses the file.
    /// </summary>
    public static FormatVersion Newest => new(2, 0);

    /// <summary>Whether this program knows every member of a file of this version.</summary>
    public bool IsKnown => this <= (Major < Newest.Major ? Current : Newest);

    /// <summary>Returns the version that definitions need.</summary>
    public static FormatVersion NeededBy(StoreDefinitions definitions)
    {
        var needed = definitions.Feeds.Any(f => f.NeedsFormat2) ? Newest : Current;
        return definitions.FormatVersion > needed && !definitions.FormatVersion.IsKnown ? definitions.FormatVersion : needed;
    }

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
