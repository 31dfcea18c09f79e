using System.Text.RegularExpressions;

namespace PeakS3Feed.Files;

/// <summary>Paths that name their place from a root on, so that the current folder does not matter. The rules of both styles hold on every system.</summary>
internal static partial class RootedPath
{
    private const string FileUri = "file:";

    /// <summary>The style of this system.</summary>
    public static PathStyle Here => OperatingSystem.IsWindows() ? PathStyle.Windows : PathStyle.Posix;

    /// <summary>Whether a path names its place from a root on. On Windows <c>C:data</c> does not, and <c>\data</c> does.</summary>
    public static bool IsRooted(string path, PathStyle style) => style == PathStyle.Posix ? path.StartsWith('/') : WindowsRoot().IsMatch(path);

    /// <summary>Whether a path is relative to the current folder of a drive: <c>C:data</c>.</summary>
    public static bool IsRelativeToDrive(string path, PathStyle style) => style == PathStyle.Windows && Drive().IsMatch(path) && !WindowsRoot().IsMatch(path);

    /// <summary>The path that a file: URI with three slashes means, or null where it means none on a system of that style.</summary>
    public static string? FromUri(string uri, PathStyle style)
    {
        if (!uri.StartsWith(FileUri + "///", StringComparison.OrdinalIgnoreCase) || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || !parsed.IsFile || parsed.IsUnc)
            return null;
        var path = parsed.LocalPath.TrimStart('/', '\\');
        // .NET gives /C:/data or C:\data for file:///C:/data, depending on the system.
        if (Drive().IsMatch(path))
            return style == PathStyle.Windows && WindowsRoot().IsMatch(path) ? path.Replace('/', '\\') : null;
        return style == PathStyle.Windows ? $@"\{path.Replace('/', '\\')}" : parsed.LocalPath;
    }

    /// <summary>The folder of an address: of a file: URI, or of a path from a root on; null for what is neither.</summary>
    public static string? FromAddress(string address, PathStyle style)
        => IsFileUri(address) ? FromUri(address, style) : IsRooted(address, style) && !address.Any(char.IsControl) ? address : null;

    /// <summary>Whether an address is meant as a folder, well written or not.</summary>
    public static bool IsFolderAddress(string address, PathStyle style) => IsFileUri(address) || IsRooted(address, style);

    private static bool IsFileUri(string text) => text.StartsWith(FileUri, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A([A-Za-z]:)?[\\/]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WindowsRoot();

    [GeneratedRegex(@"\A[A-Za-z]:", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Drive();
}
