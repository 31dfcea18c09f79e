using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>A stage and a path in it: <c>@"STAGE"/path/</c>, or the same in single quotes.</summary>
/// <param name="Stage">The stage's name of one to three parts.</param>
/// <param name="Path">The path without the slash before it; it ends in a slash, or is empty.</param>
public sealed record StageLocation(IReadOnlyList<string> Stage, string Path)
{
    /// <summary>Reads one.</summary>
    public static StageLocation Read(StatementReader reader)
    {
        if (reader.Current.Kind is SqlTokenKind.Literal)
            return Read(reader.Literal(), reader.Scope);
        reader.Require("@");
        var stage = reader.QualifiedName();
        if (!reader.Sees("/"))
            return new(stage, "");
        var start = reader.Current.End;
        var end = start;
        while (end < reader.Text.Length && !char.IsWhiteSpace(reader.Text[end]))
            end++;
        reader.SkipTo(end);
        return new(stage, Check(reader.Text[start..end]));
    }

    private static StageLocation Read(string text, SnowflakeScope scope)
    {
        var tokens = SnowflakeTokens.Read(text.Split('/')[0]);
        var reader = new StatementReader(text, tokens, scope);
        reader.Require("@");
        var stage = reader.QualifiedName();
        reader.RequireEnd();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new(stage, slash < 0 ? "" : Check(text[(slash + 1)..]));
    }

    // Without the slash, the path is a prefix of other paths, too.
    private static string Check(string path)
        => path.Length == 0 || path.EndsWith('/') ? path : throw SnowflakeErrors.NotInStandIn("a path of a stage that does not end in a slash");
}

/// <summary>DESC STAGE, or LIST of a location.</summary>
/// <param name="Location">The stage, and of a LIST the path.</param>
/// <param name="IsList">Whether it is a LIST.</param>
public sealed record StageStatement(StageLocation Location, bool IsList) : SnowflakeStatement
{
    internal static StageStatement Read(StatementReader reader)
    {
        if (reader.Takes("list"))
            return new(StageLocation.Read(reader), IsList: true);
        reader.Require("desc", "stage");
        return new(new StageLocation(reader.QualifiedName(), ""), IsList: false);
    }
}

/// <summary>SHOW WAREHOUSES LIKE.</summary>
/// <param name="Pattern">The pattern.</param>
public sealed record ShowStatement(string Pattern) : SnowflakeStatement
{
    internal static ShowStatement Read(StatementReader reader)
    {
        reader.Require("show");
        if (!reader.Takes("warehouses"))
            throw SnowflakeErrors.NotInStandIn("SHOW of other than warehouses");
        reader.Require("like");
        return new(reader.Literal());
    }
}
