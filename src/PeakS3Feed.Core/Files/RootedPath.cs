using System.Text.RegularExpressions;

namespace PeakS3Feed.Files;

/// <summary>Recognises absolute paths, which do not depend on the current folder. The rules of both path styles work on every system.</summary>
internal static partial class RootedPath
{
    private const string FileUri = "file:";

    /// <summary>The path style of this system.</summary>
    public static PathStyle Here => OperatingSystem.IsWindows() ? PathStyle.Windows : PathStyle.Posix;

    /// <summary>Whether a path starts at a root. On Windows <c>C:data</c> does not, and <c>\data</c> does.</summary>
    public static bool IsRooted(string path, PathStyle style) => style == PathStyle.Posix ? path.StartsWith('/') : WindowsRoot().IsMatch(path);

    /// <summary>Whether a path is relative to the current folder of a drive: <c>C:data</c>.</summary>
    public static bool IsRelativeToDrive(string path, PathStyle style)
        => style == PathStyle.Windows && Drive().IsMatch(path) && !WindowsRoot().IsMatch(path);

    /// <summary>Returns the path of a file: URI with three slashes, or null where it has none on a system of that style.</summary>
    public static string? FromUri(string uri, PathStyle style)
    {
        if (!uri.StartsWith(FileUri + "///", StringComparison.OrdinalIgnoreCase)
            || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !parsed.IsFile || parsed.IsUnc)
            return null;
        var path = parsed.LocalPath.TrimStart('/', '\\');
        // .NET returns /C:/data or C:\data for file:///C:/data, depending on the system.
        if (Drive().IsMatch(path))
            return style == PathStyle.Windows && WindowsRoot().IsMatch(path) ? path.Replace('/', '\\') : null;
        return style == PathStyle.Windows ? $@"\{path.Replace('/', '\\')}" : parsed.LocalPath;
    }

    /// <summary>Returns the folder of an address, which is a file: URI or an absolute path; otherwise null.</summary>
    public static string? FromAddress(string address, PathStyle style)
        => IsFileUri(address) ? FromUri(address, style) : IsRooted(address, style) && !address.Any(char.IsControl) ? address : null;

    /// <summary>Whether an address is meant to be a folder, valid or not.</summary>
    public static bool IsFolderAddress(string address, PathStyle style) => IsFileUri(address) || IsRooted(address, style);

    private static bool IsFileUri(string text) => text.StartsWith(FileUri, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A([A-Za-z]:)?[\\/]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WindowsRoot();

    [GeneratedRegex(@"\A[A-Za-z]:", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Drive();
}

/// <summary>The syntax of paths.</summary>
public enum PathStyle
{
    /// <summary>/data/incoming.</summary>
    Posix,

    /// <summary>C:\data\incoming, \\server\share\incoming, or \data\incoming on the current drive; with / for \ too.</summary>
    Windows,
}
