namespace PeakS3Feed.Destinations.Loading;

/// <summary>What a destination can do whose engine loads the objects of a source itself.</summary>
public sealed record DirectLoading
{
    /// <summary>The path that the destination's definition asks for.</summary>
    public required LoadPath LoadPath { get; init; }

    /// <summary>Whether the engine tells an empty value from a quoted empty value.</summary>
    public bool TellsEmptyFromNull { get; init; }

    /// <summary>The most texts that can mean NULL in one load.</summary>
    public int MaxNullValues { get; init; } = 1;

    /// <summary>Returns why the engine cannot be told that a text means NULL; or null.</summary>
    public Func<string, string?> RefuseNullValue { get; init; } = _ => null;

    /// <summary>Returns why the engine cannot read the objects of a place, and what to change; or null.</summary>
    public Func<DirectPlace, LoadPathReason?> RefusePlace { get; init; } = _ => null;
}

/// <summary>Where the objects of a feed are.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">The beginning of all keys of the connection; empty, or ending with a slash.</param>
/// <param name="Region">The region of the bucket; null if unknown.</param>
public sealed record DirectPlace(string Bucket, string Prefix, string? Region);

/// <summary>The form of the objects that an engine loads itself: CSV in UTF-8 with a header, standard quotes and a separator of one byte.</summary>
public sealed record DirectForm
{
    /// <summary>Where the objects are.</summary>
    public required DirectPlace Place { get; init; }

    /// <summary>The separator, one ASCII character.</summary>
    public required char Separator { get; init; }

    /// <summary>The unquoted texts that mean NULL, in addition to the empty value.</summary>
    public IReadOnlyList<string> NullValues { get; init => field = value.ToArray(); } = [];

    /// <summary>Whether quoted empty values are NULL, too.</summary>
    public bool EmptyAsNull { get; init; }
}

/// <summary>How objects reach a destination, and why.</summary>
/// <param name="Path">Direct or Staged.</param>
/// <param name="Reasons">Why the path is Staged although the destination can load objects itself; empty for Direct.</param>
public sealed record LoadPathChoice(LoadPath Path, IReadOnlyList<LoadPathReason> Reasons)
{
    /// <summary><c>Direct</c>, or <c>Staged, because …</c>.</summary>
    public override string ToString() => Reasons.Count == 0 ? Path.ToString() : $"{Path}, because {string.Join("; ", Reasons.Select(r => r.Text))}";
}

/// <summary>Why a warehouse cannot load the objects of a feed itself.</summary>
/// <param name="Text">The reason, as the end of a sentence: <c>the table has audit columns</c>.</param>
/// <param name="Change">What makes it possible, as a sentence without its full stop; or null.</param>
public sealed record LoadPathReason(string Text, string? Change = null);
