using System.Management.Automation;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>A column of a feed. A person can rename and retype it, and give it to a feed.</summary>
public sealed class S3FeedSchemaColumn
{
    private string _type;

    /// <summary>Creates a column.</summary>
    /// <param name="name">Its name in the destination.</param>
    /// <param name="type">Its type, for example <c>bigint</c> or <c>decimal(38,2)</c>.</param>
    /// <param name="field">The source field; null if it has the column's name.</param>
    /// <param name="nullable">Whether NULL is allowed.</param>
    /// <exception cref="Errors.FeedException"><c>ColumnTypeUnknown</c>.</exception>
    public S3FeedSchemaColumn(string name, string type = "text", string? field = null, bool nullable = true)
    {
        Name = name;
        _type = Normal(type);
        Field = field ?? name;
        Nullable = nullable;
    }

    /// <summary>The name in the destination.</summary>
    public string Name { get; set; }

    /// <summary>The type: text, boolean, bigint, decimal(38,SCALE), double, date, timestamp, timestamptz or json.</summary>
    public string Type
    {
        get => _type;
        set => _type = Normal(value);
    }

    /// <summary>Whether NULL is allowed; a NULL in a column that forbids it is a reject.</summary>
    public bool Nullable { get; set; }

    /// <summary>The source field: header name or JSON member name, as written in the file.</summary>
    public string Field { get; }

    /// <summary>Whether every file loaded so far has the field; null if unknown.</summary>
    public bool? InEveryFile { get; init; }

    /// <summary>The feed that the column belongs to, or null.</summary>
    public string? FeedName { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static S3FeedSchemaColumn From(FeedColumn column, string? feedName = null)
        => new(column.Name, column.TypeName, column.Field, column.Nullable) { FeedName = feedName, InEveryFile = column.InEveryFile };

    /// <summary>Creates a column from an object's properties or a table's keys.</summary>
    internal static S3FeedSchemaColumn From(Func<string, object?> property)
        => new(
            LanguagePrimitives.ConvertTo<string>(property(nameof(Name))) is { Length: > 0 } name
                ? name
                : throw new PSArgumentException("A column has a Name, and may have Type, Field and Nullable."),
            property(nameof(Type)) is { } type ? LanguagePrimitives.ConvertTo<string>(type) : "text",
            property(nameof(Field)) is { } field ? LanguagePrimitives.ConvertTo<string>(field) : null,
            property(nameof(Nullable)) is not { } nullable || (nullable is string text ? bool.Parse(text) : LanguagePrimitives.IsTrue(nullable)));

    internal FeedColumn ToColumn()
    {
        var (type, scale) = ColumnTypes.Parse(Type);
        return new FeedColumn(Name, Field, type, scale, Nullable) { InEveryFile = InEveryFile };
    }

    private static string Normal(string type)
    {
        var (parsed, scale) = ColumnTypes.Parse(type);
        return new FeedColumn("", "", parsed, scale).TypeName;
    }
}
