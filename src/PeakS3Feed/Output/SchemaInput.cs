using System.Collections;
using System.Management.Automation;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>A schema that a person gives: all columns, or the types of some.</summary>
public sealed class SchemaInput
{
    private readonly FeedSchema? _whole;
    private readonly IReadOnlyDictionary<string, string> _types = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>All columns.</summary>
    public SchemaInput(FeedSchema whole) => _whole = whole;

    /// <summary>Types by column.</summary>
    public SchemaInput(IReadOnlyDictionary<string, string> types) => _types = types;

    /// <summary>Whether it changes the types of existing columns instead of giving all columns.</summary>
    public bool IsOverrides => _whole is null;

    /// <summary>The columns whose types are given.</summary>
    public IReadOnlyList<string> Columns => [.. _types.Keys];

    /// <summary>Returns the resulting schema.</summary>
    /// <param name="current">The current columns, or null for none.</param>
    /// <exception cref="Errors.FeedException"><c>ColumnUnknown</c>, <c>ColumnTypeUnknown</c>.</exception>
    public FeedSchema Apply(FeedSchema? current) => _whole ?? (current ?? new FeedSchema([])).WithOverrides(_types);

    /// <summary>Accepts a schema, columns (of Get-S3FeedSchema or any objects with a Name), or a table of types by column.</summary>
    internal static SchemaInput From(object given) => given switch
    {
        SchemaInput input => input,
        FeedSchema schema => new SchemaInput(schema),
        IDictionary types => new SchemaInput(types.Keys.Cast<object>().ToDictionary(Text, k => Text(types[k]), StringComparer.Ordinal)),
        _ => new SchemaInput(
            new FeedSchema(LanguagePrimitives.GetEnumerable(given) is { } many ? many.Cast<object>().Select(Column) : [Column(given)])),
    };

    private static FeedColumn Column(object given) => (given is PSObject wrapped ? wrapped.BaseObject : given) switch
    {
        FeedColumn column => column,
        S3FeedSchemaColumn column => column.ToColumn(),
        IDictionary table => S3FeedSchemaColumn.From(
            n => table.Keys.Cast<object>().FirstOrDefault(k => Same(Text(k), n)) is { } key ? table[key] : null).ToColumn(),
        _ => S3FeedSchemaColumn.From(n => PSObject.AsPSObject(given).Properties[n]?.Value).ToColumn(),
    };

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Text(object? value) => LanguagePrimitives.ConvertTo<string>(value);
}
