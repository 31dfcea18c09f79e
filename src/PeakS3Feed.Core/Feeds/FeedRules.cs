using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>The rules of a feed's definition.</summary>
public static class FeedRules
{
    private static readonly TimeSpan ShortestReconcile = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestReconcile = TimeSpan.FromDays(366);

    /// <summary>Checks a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="connection">Its connection, whose root path must contain the path; null if unknown.</param>
    /// <returns>All problems; empty if the feed is valid.</returns>
    public static IReadOnlyList<DefinitionProblem> Check(S3Feed feed, S3Connection? connection)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var problems = new List<DefinitionProblem>();
        if (NameRules.Check(feed.Name, nameof(feed.Name)) is { } name) problems.Add(name);
        if (feed.Id == Guid.Empty) problems.Add(new(nameof(feed.Id), "The id is empty."));
        if (feed.Path is { } path) problems.AddRange(PathProblems(path, connection));
        if ((feed.Table is not null || feed.Name.Length > 0) && TableRules.Check(feed.TableName) is { } table) problems.Add(table);
        problems.AddRange(Blank(feed.Include, nameof(feed.Include), "pattern"));
        problems.AddRange(Blank(feed.Exclude, nameof(feed.Exclude), "pattern"));
        problems.AddRange(GlobProblems(feed.Include, nameof(feed.Include)));
        problems.AddRange(GlobProblems(feed.Exclude, nameof(feed.Exclude)));
        problems.AddRange(Blank(feed.Tags, nameof(feed.Tags), "tag"));
        problems.AddRange(DateFormatRules.Check(feed.DateFormats));
        if (feed.FileType == FileType.Csv) problems.AddRange(CsvRules.Check(feed.Csv));
        else problems.AddRange(CsvRules.CheckUnused(feed.Csv, feed.FileType));
        problems.AddRange(LoadProblems(feed));
        problems.AddRange(PartitionRules.Check(feed));
        problems.AddRange(DestinationProblems(feed.DestinationNames));
        if (feed.Schema is { } schema) problems.AddRange(SchemaRules.Check(schema, feed.PrimaryKey));
        return problems;
    }

    /// <summary>Throws if the feed is not valid.</summary>
    /// <exception cref="FeedException"><c>FeedInvalid</c>: the first problem, and the number of further ones.</exception>
    public static void ThrowIfInvalid(S3Feed feed, S3Connection? connection)
    {
        if (Check(feed, connection) is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Feed", feed.IsDraft ? null : feed.Name, problems);
    }

    private static IEnumerable<DefinitionProblem> PathProblems(string path, S3Connection? connection)
    {
        const string Field = nameof(S3Feed.Path);
        if (path is "/")
        {
            if (connection is { RootPrefix.Length: > 0 }) yield return NotUnder(path, connection);
            yield break;
        }

        if (PathAddress.Check(path, Field, connection?.BucketName) is { } address)
        {
            yield return address;
            yield break;
        }

        if (!path.EndsWith('/'))
            yield return new(
                Field, $"The path \"{path}\" does not end in a slash.", $"Write \"{path}/\" for the folder; select a single file with Include.");
        if (path.StartsWith('/'))
            yield return new(Field, $"The path \"{path}\" begins with a slash, but keys do not.", $"Write \"{path.TrimStart('/')}\".");
        else if (connection is not null && !path.StartsWith(connection.RootPrefix, StringComparison.Ordinal)) yield return NotUnder(path, connection);
        if (path.AsSpan().IndexOfAny('*', '?') >= 0)
            yield return new(Field, $"The path \"{path}\" has a wildcard.", "Give the folder as the path and the pattern as Include.");
    }

    private static DefinitionProblem NotUnder(string path, S3Connection connection) => new(
        nameof(S3Feed.Path),
        $"The path \"{path}\" is not under the root path \"{connection.RootPath}\" of the connection \"{connection.Name}\".",
        $"Paths begin at the bucket's root, for example \"{connection.RootPrefix}{path.TrimStart('/')}\".");

    private static IEnumerable<DefinitionProblem> LoadProblems(S3Feed feed)
    {
        var key = nameof(feed.PrimaryKey);
        if (feed.LoadType == LoadType.Upsert && feed.PrimaryKey.Count == 0)
            yield return new(key, "An Upsert feed needs a primary key.", "Name the columns that identify a row.");
        if (feed.LoadType != LoadType.Upsert && feed.PrimaryKey.Count > 0)
            yield return new(key, $"A primary key is for Upsert feeds; this one is {feed.LoadType}.");
        foreach (var problem in Blank(feed.PrimaryKey, key, "column")) yield return problem;
        if (feed is { AssumeLoadedBefore: not null, AdoptTable: false })
            yield return new(nameof(feed.AssumeLoadedBefore), "AssumeLoadedBefore requires AdoptTable.", "Set AdoptTable, too.");
        if (feed is { AssumeLoadedBefore: not null, LoadType: LoadType.TruncateInsert })
            yield return new(
                nameof(feed.AssumeLoadedBefore), "AssumeLoadedBefore is not possible for a TruncateInsert feed, which loads everything each time.");
        if (feed.PrimaryKey.Distinct(StringComparer.OrdinalIgnoreCase).Count() < feed.PrimaryKey.Count)
            yield return new(key, "The primary key names a column twice.");
        if (feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Replace, AuditColumns: AuditColumns.None })
        {
            yield return new(
                nameof(feed.OnChangedObject),
                "Replacing a changed object's rows requires the audit columns, which name the object of each row.",
                "Set AuditColumns to All, or OnChangedObject to something else.");
        }

        if (feed is { Discovery: ObjectDiscovery.Events, LoadType: not LoadType.Incremental })
        {
            yield return new(
                nameof(feed.Discovery), $"Only an Incremental feed can load announced objects alone; this one is {feed.LoadType}.",
                "Set Discovery to List. A trigger with a queue still starts a run for each event, and the run lists.");
        }

        if (feed.ReconcileEvery < ShortestReconcile || feed.ReconcileEvery > LongestReconcile)
            yield return new(
                nameof(feed.ReconcileEvery), $"ReconcileEvery {feed.ReconcileEvery} is not between 1 minute and 366 days.",
                "Leave it out for the default, 1 day.");
        if (feed.CommitEveryBytes <= 0)
            yield return new(nameof(feed.CommitEveryBytes), "CommitEveryBytes must be more than 0.", "Leave it out for the default, 10 GB.");
        if (feed.CommitEveryObjects < 0)
            yield return new(nameof(feed.CommitEveryObjects), "CommitEveryObjects must not be negative.", "0 means no limit.");
    }

    private static IEnumerable<DefinitionProblem> DestinationProblems(IReadOnlyList<string> names)
    {
        const string Field = nameof(S3Feed.DestinationNames);
        if (names.Count == 0) yield return new(Field, "The feed names no destination.", "Leave it out for the destination local.");
        if (names.Count > 2)
            yield return new(Field, "The feed names more than two destinations.", "One feed can load a database and a table of files beside it.");
        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Count) yield return new(Field, "The feed names a destination twice.");
        foreach (var problem in Blank(names, Field, "name")) yield return problem;
    }

    private static IEnumerable<DefinitionProblem> GlobProblems(IReadOnlyList<string> patterns, string field)
        => patterns.Where(p => !string.IsNullOrWhiteSpace(p)).Select(GlobError).OfType<FeedException>()
            .Select(e => new DefinitionProblem(field, e.Message, e.Hint));

    private static FeedException? GlobError(string pattern)
    {
        try
        {
            _ = new Glob(pattern);
            return null;
        }
        catch (FeedException error)
        {
            return error;
        }
    }

    private static IEnumerable<DefinitionProblem> Blank(IReadOnlyList<string> values, string field, string what)
        => values.Any(string.IsNullOrWhiteSpace) ? [new(field, $"{field} has a blank {what}.")] : [];
}

/// <summary>The rules of a feed's CSV dialect.</summary>
internal static class CsvRules
{
    public static IEnumerable<DefinitionProblem> Check(CsvOptions csv)
    {
        if (csv.Separator is { } separator)
        {
            if (separator.Length == 0)
                yield return new(
                    "Csv.Separator", "The separator is empty.", "Write Comma, Tab, Pipe, Semicolon, Space, Auto or the separator itself.");
            if (CsvSeparator.IsUnknownWord(separator)) yield return UnknownWord(separator);
            if (separator.AsSpan().IndexOfAny('\r', '\n') >= 0) yield return new("Csv.Separator", "The separator contains a line end.");
            if (csv.Quote is { } quote && separator.Contains(quote, StringComparison.Ordinal))
                yield return new("Csv.Separator", "The separator contains the quote.");
            if (csv.Escape is { } escape && separator.Contains(escape, StringComparison.Ordinal))
                yield return new("Csv.Separator", "The separator contains the escape character.");
        }

        if (csv.Quote is { } q && !IsUsable(q)) yield return new("Csv.Quote", "The quote must be one ASCII character other than a line end.");
        if (csv.Escape is { } e && !IsUsable(e)) yield return new("Csv.Escape", "The escape must be one ASCII character other than a line end.");
        if (csv.SkipRows < 0) yield return new("Csv.SkipRows", "SkipRows must not be negative.");
        if (csv.ColumnNames is { } names && names.Count == 0)
            yield return new("Csv.ColumnNames", "ColumnNames is empty.", "Leave it out to take the names from the header.");
        if (csv.ColumnNames is { } given && given.Any(string.IsNullOrWhiteSpace))
            yield return new("Csv.ColumnNames", "ColumnNames has a blank name.", "Name every column, even one that you do not need.");
        else if (csv.ColumnNames is { } twice && twice.Distinct(StringComparer.Ordinal).Count() < twice.Count)
            yield return new("Csv.ColumnNames", "ColumnNames names a column twice.");
        foreach (var problem in CsvFurtherRules.Check(csv)) yield return problem;
    }

    /// <summary>Finds settings of CSV on a feed of another type.</summary>
    public static IEnumerable<DefinitionProblem> CheckUnused(CsvOptions csv, FileType type)
    {
        if (!csv.IsSeparatorUnset)
            yield return new(
                "Csv.Separator", $"A separator is for CSV files; this feed reads {type}.", "Leave the separator out, or let the feed read Csv.");
        foreach (var problem in CsvFurtherRules.CheckUnused(csv, type)) yield return problem;
    }

    private static DefinitionProblem UnknownWord(string separator) => new(
        "Csv.Separator",
        $"The separator \"{separator}\" is a word that names no separator.",
        NearestName.Ask(separator, CsvSeparator.Words)
            ?? $"The words are {string.Join(", ", CsvSeparator.Words)}; write any other separator as it is, with at least one character that is not a "
                + "letter.");

    private static bool IsUsable(char character) => character is > '\0' and < '\x7f' and not '\r' and not '\n';
}
