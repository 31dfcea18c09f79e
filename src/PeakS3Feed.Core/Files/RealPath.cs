namespace PeakS3Feed.Files;

/// <summary>
/// Resolves symbolic links as the operating system does. Each part of the path may be a link, and the target of a link need not exist yet.
/// </summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Returns the final target of a symbolic link; any other path unchanged.</summary>
    /// <exception cref="IOException">The links form a circle, or a link cannot be read.</exception>
    public static string ResolveLink(string path) => new FileInfo(path).LinkTarget is null ? path : Resolve(path);

    /// <summary>Returns the path without links. A part that does not exist stays as it is.</summary>
    /// <exception cref="IOException">The links form a circle, or a link cannot be read.</exception>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Parts(full[root.Length..]).Reverse());
        var real = root;
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Join(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MaxLinks)
                throw new IOException($"{path} leads through more than {MaxLinks} symbolic links.");
            var targetRoot = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
            if (targetRoot.Length > 0)
                real = Path.GetFullPath(targetRoot, real);
            foreach (var below in Parts(target[targetRoot.Length..]).Reverse())
                rest.Push(below);
        }
        return real;
    }

    private static IEnumerable<string> Parts(string path)
        => path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".");
}
