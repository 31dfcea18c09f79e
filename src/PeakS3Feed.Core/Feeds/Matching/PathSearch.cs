using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>
/// Finds the path that a person may have meant by a path without objects. Searches folder by folder for names that differ in case, white space,
/// Unicode form or a letter. Ignores folders that cannot be listed.
/// </summary>
internal sealed class PathSearch(IObjectSource source)
{
    // Each request lists one small page.
    private const int MaxRequests = 8;
    private int _requests;

    /// <summary>The result of a search.</summary>
    /// <param name="Path">The nearest existing path, as deep as it exists; null if none is near.</param>
    /// <param name="Whole">Whether every folder of the wanted path has a counterpart in it.</param>
    /// <param name="Object">The key of the object that the wanted path names, without the slash; null if it names none.</param>
    /// <param name="Around">The nearest folder above that has objects, and its entries; null if nothing can be listed.</param>
    public sealed record Found(string? Path, bool Whole, string? Object, (string Folder, IReadOnlyList<string> Entries)? Around);

    public async Task<Found> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        var names = wanted.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (await NearestFolderAsync(names, cancellationToken) is not { } around)
            return new(null, false, null, null);
        var (depth, folder, entries) = around;
        var file = depth == names.Length - 1 ? entries.FirstOrDefault(e => e == wanted.TrimEnd('/')) : null;
        var at = folder;
        while (depth < names.Length && Nearest(at, names[depth], entries) is { } next)
        {
            at = next;
            if (++depth < names.Length && await PeekAsync(at, cancellationToken) is { } below)
                entries = below;
            else
                break;
        }
        return new(at == folder ? null : at, depth == names.Length, file, (folder, around.Entries));
    }

    /// <summary>Returns the first keys below a folder, or null if they cannot be listed.</summary>
    public async Task<IReadOnlyList<string>?> KeysAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await source.PeekAsync(prefix, nested: true, cancellationToken);
        }
        catch (FeedException)
        {
            return null;
        }
    }

    // Begins at the lowest folder, because a policy may allow a folder but not the folders above it.
    private async Task<(int Depth, string Folder, IReadOnlyList<string> Entries)?> NearestFolderAsync(
        string[] names, CancellationToken cancellationToken)
    {
        for (var depth = names.Length - 1; depth >= 0; depth--)
        {
            var folder = string.Concat(names.Take(depth).Select(n => n + "/"));
            if (await PeekAsync(folder, cancellationToken) is not { } entries)
                return null;
            if (entries.Count > 0)
                return (depth, folder, entries);
        }
        return null;
    }

    private async Task<IReadOnlyList<string>?> PeekAsync(string folder, CancellationToken cancellationToken)
    {
        if (_requests++ >= MaxRequests)
            return null;
        try
        {
            return await source.PeekAsync(folder, nested: false, cancellationToken);
        }
        catch (FeedException)
        {
            return null;
        }
    }

    private static string? Nearest(string folder, string name, IReadOnlyList<string> entries)
    {
        var folders = entries.Where(e => e.EndsWith('/') && e.Length > folder.Length + 1).ToList();
        string Name(string entry) => entry[folder.Length..^1];
        return folders.Find(f => Name(f) == name)
            ?? folders.Find(f => Same(Name(f), name))
            ?? folders.Find(f => IsSlip(Name(f), name));
    }

    private static bool Same(string left, string right) => string.Equals(Plain(left), Plain(right), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name)
    {
        try
        {
            return name.Trim().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    // One letter added, removed, changed, or two swapped. Digits must be equal (2025 is not 2026), and short names are too similar to compare.
    private static bool IsSlip(string left, string right)
    {
        if (Math.Min(left.Length, right.Length) < 3 || Math.Abs(left.Length - right.Length) > 1)
            return false;
        var start = 0;
        while (start < left.Length && start < right.Length && left[start] == right[start])
            start++;
        var (l, r) = (left.Length - 1, right.Length - 1);
        while (l >= start && r >= start && left[l] == right[r])
            (l, r) = (l - 1, r - 1);
        var (changed, into) = (left[start..(l + 1)], right[start..(r + 1)]);
        if ((changed + into).Any(char.IsDigit))
            return false;
        return (changed.Length <= 1 && into.Length <= 1)
            || (changed.Length == 2 && into.Length == 2 && changed[0] == into[1] && changed[1] == into[0]);
    }
}
