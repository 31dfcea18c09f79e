using System.Globalization;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.TestServers.Snowflake;

/// <summary>The errors of Snowflake and of its stand-in, with their codes and SQLSTATEs where these are known.</summary>
public static class SnowflakeErrors
{
    private const string Compilation = "SQL compilation error:\n";

    /// <summary>For what Snowflake may have, but not the stand-in.</summary>
    public static RefusalException NotInStandIn(string what)
        => new("0A000", $"The stand-in for Snowflake refuses {what}", "000002");

    /// <summary>For a token that does not belong where it is.</summary>
    public static RefusalException Unexpected(string text, SqlToken token)
    {
        var (line, position) = Place(text, token.Start < 0 ? text.Length : token.Start);
        var found = token.Start < 0 ? "<EOF>" : text[token.Start..token.End];
        return new("42000", string.Create(
            CultureInfo.InvariantCulture, $"{Compilation}syntax error line {line} at position {position} unexpected '{found}'."), "001003");
    }

    public static RefusalException Syntax(string message) => new("42000", Compilation + message, "001003");

    public static RefusalException Missing(string kind, string name)
        => new(kind is "Object" or "Table" ? "42S02" : "02000", $"{Compilation}{kind} '{name}' does not exist or not authorized.", "002003");

    public static RefusalException NoContext { get; } = new(
        "02000", Compilation + "Object does not exist, or operation cannot be performed.", "002043");

    public static RefusalException NoSchema(string operation) => new(
        "22000", $"Cannot perform {operation}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.", "090106");

    public static RefusalException NoDatabase(string operation) => new(
        "22000", $"Cannot perform {operation}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.",
        "090105");

    public static RefusalException NoWarehouse { get; } = new(
        "57P03", "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.\n", "000606");

    public static RefusalException Exists(string name) => new("42710", $"{Compilation}Object '{name}' already exists.", "002002");

    public static RefusalException DuplicateColumn(string name) => new("42711", $"{Compilation}duplicate column name '{name}'", "002025");

    public static RefusalException InvalidIdentifier(string name)
        => new("42000", $"SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'", "000904");

    public static RefusalException CannotChange(string column, string from, string to) => new(
        "22000", $"SQL compilation error: cannot change column {column} from type {from} to {to} because the stand-in, as Snowflake does, only makes "
            + "a VARCHAR longer or gives a NUMBER more digits before the point", "002108");

    public static RefusalException Cancelled { get; } = new("57014", "SQL execution canceled", "000604");

    public static RefusalException TimedOut(int seconds) => new("57014", string.Create(
        CultureInfo.InvariantCulture, $"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled."), "000630");

    public static RefusalException InTransaction(string what) => new(
        "0A000", $"The stand-in for Snowflake refuses {what} inside a transaction: Snowflake would commit what came before it", "000002");

    /// <summary>The line, from 1, and the position in it, from 0, of a place in a text.</summary>
    public static (int Line, int Position) Place(string text, int offset)
    {
        var before = text.AsSpan(0, offset);
        return (before.Count('\n') + 1, offset - (before.LastIndexOf('\n') + 1));
    }
}
