using System.Collections;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>The kinds of things that a parameter names.</summary>
[Flags]
internal enum Noun
{
    None = 0,
    Connection = 1,
    Destination = 2,
    Feed = 4,
    Trigger = 8,
    Watcher = 16,
    Run = 32,
}

/// <summary>
/// Finds the names in objects of the pipeline, also in those of Select-Object, of another process, and in objects of a person's own with a Name. A
/// feed has its own name, and a run, a plan or a trigger has a FeedName; so each of them names a feed.
/// </summary>
internal static class PipedNames
{
    private static readonly Noun[] All = [Noun.Connection, Noun.Destination, Noun.Feed, Noun.Trigger, Noun.Watcher, Noun.Run];

    /// <summary>Whether a value is a name, or something that PowerShell binds before it is a value.</summary>
    public static bool IsName(object? value) => value is null or string or char or ScriptBlock or ValueType and not Guid;

    /// <summary>Whether an object is of a run: the run itself, its fire, one of its rejects, or a message about it.</summary>
    public static bool IsOfRun(object value)
        => value is Guid || Kind(value) is "S3FeedRun" or "S3FeedFire" or "S3FeedDelivery" or "S3FeedReject" || Property(value, "RunId") is not null
            || (Kind(value) is null && OfForeign(value, Noun.Run) is not null);

    /// <summary>Whether an object could have a run and has none, such as a fire that was skipped.</summary>
    public static bool LacksRun(object value) => Kind(value) is "S3FeedFire" or "S3FeedDelivery" && Property(value, "RunId") is null;

    /// <summary>Returns the name of a noun in an object, a list of names, or null if it has none.</summary>
    /// <param name="value">The object.</param>
    /// <param name="nouns">The nouns, of which the first one that fits counts.</param>
    /// <param name="only">Whether the object must be the noun itself, as a cmdlet needs that deletes something.</param>
    public static object? Find(object value, Noun nouns, bool only)
    {
        var own = OwnNoun(value);
        if ((own & nouns) != Noun.None)
            return Value(value, own == Noun.Run ? "Id" : "Name");
        if (value is Guid id)
            return nouns.HasFlag(Noun.Run) ? id.ToString() : null;
        foreach (var noun in All.Where(n => nouns.HasFlag(n)))
        {
            if (!only && Value(value, noun == Noun.Run ? "RunId" : noun + "Name") is { } name)
                return name;
            if (!only && Kind(value) is "S3FeedCheck" or "ImportChange" && Value(value, "Kind")?.ToString() == noun.ToString())
                return Value(value, "Name");
        }
        return Kind(value) is null ? OfForeign(value, nouns) : null;
    }

    /// <summary>Whether an object is one of ours.</summary>
    public static bool IsOurs(object value) => Kind(value) is not null;

    /// <summary>Returns what an object is, in words, for an error.</summary>
    public static string Describe(object value)
    {
        var word = Kind(value) is not { } kind ? null
            : kind.EndsWith("Destination", StringComparison.Ordinal) ? "destination"
            : kind is "S3FeedInfo" or "S3Feed" ? "feed"
            : Words(kind.Replace("S3Feed", "", StringComparison.Ordinal).Replace("S3", "", StringComparison.Ordinal));
        if (word is null)
            return $"An object of the type {TypeName(value)} has no such name";
        return Value(value, "Name") is string name ? $"{name} is a {word}" : $"The object is a {word}";
    }

    // An object of a person's own: its Name; an id is that of a run if the object has a feed, but no name.
    private static object? OfForeign(object value, Noun nouns)
        => nouns != Noun.Run ? Value(value, "Name")
            : Value(value, "Name") is null && (Property(value, "FeedId") ?? Property(value, "FeedName")) is not null ? Value(value, "Id") : null;

    private static Noun OwnNoun(object value) => Kind(value) switch
    {
        "S3Connection" => Noun.Connection,
        "S3Feed" or "S3FeedInfo" => Noun.Feed,
        "S3FeedTrigger" or "S3FeedTriggerInfo" => Noun.Trigger,
        "S3FeedWatcher" or "S3FeedWatcherInfo" => Noun.Watcher,
        "S3FeedRun" => Noun.Run,
        { } kind when kind.EndsWith("Destination", StringComparison.Ordinal) => Noun.Destination,
        _ => Noun.None,
    };

    // The type of one of our objects, also of a copy of one, without its namespace and the name of a view; null for others.
    private static string? Kind(object value)
    {
        var name = TypeName(value).Replace("Selected.", "", StringComparison.Ordinal).Replace("Deserialized.", "", StringComparison.Ordinal);
        return name.StartsWith("PeakS3Feed.", StringComparison.Ordinal) ? name[(name.LastIndexOf('.') + 1)..].Split('#')[0] : null;
    }

    // TriggerInfo becomes trigger, FireTime becomes fire time.
    private static string Words(string name)
    {
        var letters = name.Replace("Info", "", StringComparison.Ordinal).Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}");
        return string.Concat(letters).Trim();
    }

    private static string TypeName(object value) => PSObject.AsPSObject(value).TypeNames[0];

    // A name as text, several names as a list.
    private static object? Value(object value, string property) => Property(value, property) switch
    {
        null => null,
        string text => text.Length == 0 ? null : text,
        IEnumerable many => many.Cast<object>().Select(i => i.ToString()!).ToArray() is var names && names.Length == 1 ? names[0] : names,
        var other => other.ToString(),
    };

    private static object? Property(object value, string property)
    {
        try
        {
            return PSObject.AsPSObject(value).Properties[property]?.Value is { } found ? found is PSObject inner ? inner.BaseObject : found : null;
        }
        catch (GetValueException)
        {
            return null;
        }
    }
}

/// <summary>
/// Accepts objects in place of names: the noun itself, or an object with the name of one. An object that has none is an error, so that no text of
/// an object is taken for a name.
/// </summary>
/// <param name="nouns">The nouns that the parameter names.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PipedNameAttribute(Noun nouns) : ArgumentTransformationAttribute
{
    /// <summary>The nouns that the parameter names.</summary>
    public Noun Nouns => nouns;

    /// <summary>Whether an object must be the noun itself, because the cmdlet deletes something.</summary>
    public bool Only { get; set; }

    /// <summary>Nouns that another parameter of another set takes from the pipeline, if this one finds no name.</summary>
    public Noun Else { get; set; }

    /// <summary>Whether another parameter takes objects of runs.</summary>
    public bool ElseRuns { get; set; }

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = Unwrap(inputData);
        if (given is string or null || given is not IEnumerable many || given is IDictionary)
            return Name(inputData);
        var names = new List<string>();
        foreach (var item in many)
        {
            if (Name(item) is string[] several)
                names.AddRange(several);
            else
                names.Add(LanguagePrimitives.ConvertTo<string>(Name(item)));
        }
        return names.ToArray();
    }

    private object? Name(object? item)
    {
        var value = Unwrap(item);
        if (PipedNames.IsName(value))
            return item;
        item = value is Guid ? value : item;
        if (ElseRuns && PipedNames.IsOfRun(item!))
            throw NotForThis();
        return PipedNames.Find(item!, nouns, Only)
            ?? throw (Else != Noun.None && PipedNames.Find(item!, Else, only: Else == Noun.Connection) is not null ? NotForThis() : Misfit(item!));
    }

    // With an inner PSInvalidCastException, PowerShell tries the other parameters.
    private static ArgumentTransformationMetadataException NotForThis()
    {
        const string Message = "Another parameter takes this object.";
        return new(Message, new PSInvalidCastException(Message));
    }

    private ArgumentTransformationMetadataException Misfit(object item)
    {
        if (nouns == Noun.Run && PipedNames.LacksRun(item))
            return new($"{PipedNames.Describe(item)} without a run. The properties State and Reason, or Error, say why.");
        string[] taken =
        [
            .. (nouns | Else).ToString().ToLowerInvariant().Split(", ").Select(n => $"a {n}"),
            nouns == Noun.Run ? "its id" : "its name",
            .. Only ? Array.Empty<string>() : [$"an object with a {string.Join(" or a ", Properties(nouns | Else))}"],
        ];
        var feeds = nouns.HasFlag(Noun.Feed) && Else == Noun.None && PipedNames.Find(item, Noun.Connection, only: true) is string connection
            ? $" Get-S3Feed -ConnectionName {connection} returns the feeds of the connection."
            : "";
        return new(
            $"{PipedNames.Describe(item)}. The parameter takes {string.Join(", ", taken.SkipLast(1))} or {taken[^1]}.{feeds}");
    }

    private static IEnumerable<string> Properties(Noun nouns)
        => nouns.ToString().Split(", ").Select(n => n == nameof(Noun.Run) ? "RunId" : n + "Name");

    private static object? Unwrap(object? value)
        => value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
}

/// <summary>Refuses our own objects where a document is needed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DocumentTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData is null || !PipedNames.IsOurs(inputData)
        ? inputData
        : throw new ArgumentTransformationMetadataException(
            $"{PipedNames.Describe(inputData)}. The parameter takes a document as text, or files. Export-S3FeedDefinition writes documents.");
}
