namespace PeakS3Feed.Tests.Architecture;

/// <summary>A type in one folder of the core uses a type in another one. Folders are given as paths below the core.</summary>
internal readonly record struct FolderUse(string From, string FromType, string To, string ToType) : IComparable<FolderUse>
{
    public string FromRoom => From.Split('/')[0];

    public string ToRoom => To.Split('/')[0];

    public static FolderUse Create(TypeUse use) => new(Folder(use.From.Namespace), use.From.Name, Folder(use.To.Namespace), use.To.Name);

    public int CompareTo(FolderUse other) => string.CompareOrdinal(ToString(), other.ToString());

    private static string Folder(string name) => name["PeakS3Feed.".Length..].Replace('.', '/');
}

/// <summary>Folders and which of them use which.</summary>
internal sealed class FolderGraph(IEnumerable<(string From, string To)> uses)
{
    private readonly ILookup<string, string> _uses = uses.ToLookup(u => u.From, u => u.To, StringComparer.Ordinal);

    /// <summary>Whether one folder uses another, directly or through others.</summary>
    public bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<string>([from]);
        while (next.TryPop(out var folder))
        {
            if (folder == to)
                return true;
            if (!seen.Add(folder))
                continue;
            foreach (var used in _uses[folder])
                next.Push(used);
        }

        return false;
    }
}
