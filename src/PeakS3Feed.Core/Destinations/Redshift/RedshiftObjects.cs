using System.Security.Cryptography;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Has the warehouse load the objects of a source with COPY, from a manifest that names each of them with its size (Redshift Database Developer
/// Guide, "COPY", "Data format parameters", "Data conversion parameters").
/// </summary>
/// <param name="channel">The way to the warehouse.</param>
/// <param name="parts">What all sessions share.</param>
/// <param name="access">The options of COPY that give access to the objects: the role and the region.</param>
internal sealed class RedshiftObjects(IRedshiftChannel channel, WarehouseParts parts, string access)
{
    // COPY takes this text for NULL if it is given no other one. It cannot be given in a literal, where a backslash may be an escape.
    private const string DefaultNull = @"\N";

    // So long that no data has it by chance.
    private const int NullTextLength = 24;

    private readonly WarehouseDialect _dialect = parts.Dialect;

    /// <summary>Returns why COPY cannot be told that a text means NULL, or null.</summary>
    public static string? RefuseNullValue(string text)
        => text == DefaultNull ? null
            : text.Length == 0 ? "it is empty"
            : text.Any(c => c == '\\' || char.IsControl(c)) ? "it has a backslash or a control character"
            : null;

    /// <summary>Returns why COPY cannot read the objects of a place, or null: it reads the manifest and the objects in one region.</summary>
    public static LoadPathReason? RefusePlace(DirectPlace place, IStagingArea area)
        => place.Region is { } source && area.Region is { } staging && !string.Equals(source, staging, StringComparison.OrdinalIgnoreCase)
            ? new(
                $"the objects are in region {source} and the staged files, which include the manifest, in region {staging}",
                "Use a staging connection with a bucket in the region of the objects")
            : null;

    /// <summary>Loads objects; see <see cref="IWarehouseCopy.CopyObjectsAsync"/>.</summary>
    public async Task CopyAsync(
        string table, CsvStage stage, DirectFiles files, IReadOnlyList<FeedColumn> columns, CancellationToken cancellationToken)
    {
        // A request of its own, so that the warehouse's load errors can be found by the table's number.
        var defined = columns.Select(c => $"{_dialect.Column(c.Name)} {_dialect.DirectType}");
        await channel.ExecuteAsync(
            new($"CREATE TABLE {_dialect.Table(table)} ({string.Join(", ", defined)}) BACKUP NO DISTSTYLE EVEN"), cancellationToken);
        var manifest = $"{stage.Prefix}{table}.manifest";
        await CopyManifest.WriteAsync(parts.Area, manifest, files.Objects.Select(o => (o.Uri, o.Size)), cancellationToken);
        var names = files.Columns.Select(c => _dialect.Column(columns[c].Name));
        try
        {
            // A service may run a request twice whose answer was lost. The second one finds rows.
            await channel.RunAsync(
                new WarehouseScript(
                [
                    .. parts.Syntax.Lock([_dialect.Table(table)]),
                    new NamedCheck("check that the staging table is empty", "COUNT(*) = 0", _dialect.Table(table)),
                    new("copy the objects", Copy(table, names, files.Form, manifest, files.IsGzip ? " GZIP" : "", CreateNullText())),
                ]),
                cancellationToken);
        }
        catch (StatementRefusedException e) when (e.Refusal == StatementRefusal.RowRefused)
        {
            throw await ExplainAsync(table, e, cancellationToken);
        }
    }

    /// <summary>Returns how objects are loaded, for a plan.</summary>
    public IEnumerable<string> Describe(string table, IEnumerable<string> columns, DirectForm form, string manifest) =>
    [
        "-- the warehouse loads the objects itself; a manifest names them with their sizes; with GZIP if they are compressed; <commit_records> has "
            + "the load, its objects and the run",
        Copy(table, columns, form, manifest, compression: "", unusedNull: "<null>"),
    ];

    // Of a file whose feed names no text for NULL. The default of COPY would make NULL of \N.
    private static string CreateNullText() => $"~{RandomNumberGenerator.GetHexString(NullTextLength, lowercase: true)}";

    private string Copy(string table, IEnumerable<string> columns, DirectForm form, string manifest, string compression, string unusedNull)
    {
        // The character itself, also one that cannot be printed: a literal with a backslash may have an escape.
        var separator = form.Separator == ',' ? "" : $" DELIMITER AS '{(form.Separator == '\'' ? "''" : form.Separator.ToString())}'";
        var empty = form.EmptyAsNull ? " EMPTYASNULL" : "";
        var nullAs = form.NullValues is [DefaultNull] ? "" : $" NULL AS {RedshiftText.Literal(form.NullValues is [var text, ..] ? text : unusedNull)}";
        return $"""
            COPY {_dialect.Table(table)} ({string.Join(", ", columns)}) FROM {RedshiftText.Literal(parts.Area.GetUri(manifest))}
            {access}
            MANIFEST FORMAT AS CSV{compression}{separator} IGNOREHEADER 1 IGNOREBLANKLINES{empty}{nullAs} COMPUPDATE OFF STATUPDATE OFF
            """;
    }

    private async Task<DirectRefusedException> ExplainAsync(string table, StatementRefusedException refusal, CancellationToken cancellationToken)
    {
        var found = await channel.ReadLoadErrorsAsync(table, cancellationToken);
        if (found is not [var first, ..])
            return new($"the warehouse refuses a row: {refusal.Message.TrimEnd('.')}", DirectErrors.Refused(refusal.Message, refusal));
        var position = new SourcePosition(first.File.Trim(), first.Line, Column: first.Column.Trim() is { Length: > 0 } column ? column : null);
        var reason = first.Reason.Trim();
        return new($"the warehouse refuses a row ({position}: {reason.TrimEnd('.')})", DirectErrors.RowRefused(position, reason, refusal));
    }
}
