using System.Text;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>What a root path may be: it becomes part of a policy, where a wildcard or variable would widen it.</summary>
internal static class RootPathRules
{
    private const int LongestKeyBytes = 1024;

    /// <summary>The first rule that the path breaks, or null.</summary>
    public static DefinitionProblem? Check(string path, string? bucket = null)
    {
        if (PathAddress.Check(path, nameof(S3Connection.RootPath), bucket) is { } address)
            return address;
        if (path is "/")
            return null;
        if (path.Length == 0)
            return Problem(path, "Write / for the whole bucket.");
        if (path.AsSpan().IndexOfAny('*', '?', '$') >= 0)
            return Problem(path, "Leave out *, ? and $: in the policy they would open more than the folder.");
        if (path[0] == '/')
            return Problem(path, $"Write it without the slash in front: {path.TrimStart('/')}");
        if (path[^1] != '/')
            return Problem(path, $"End it with a slash: {path}/");
        if (path.Any(char.IsControl))
            return Problem(path, "Leave out control characters.");
        return Encoding.UTF8.GetByteCount(path) > LongestKeyBytes ? Problem(path, "Use at most 1,024 bytes of UTF-8.") : null;
    }

    private static DefinitionProblem Problem(string path, string hint)
        => new(nameof(S3Connection.RootPath), $"\"{path}\" is not a root path.", hint);
}
