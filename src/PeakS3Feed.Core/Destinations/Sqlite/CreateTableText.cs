using System.Text;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// The CREATE TABLE statement of a table, as SQLite's schema keeps it. Types and the table's name can be replaced; all other text stays as
/// it was written. A statement is accepted only if its columns are in the positions that SQLite reports.
/// </summary>
internal sealed class CreateTableText
{
    private static readonly HashSet<string> ConstraintWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS", "ON",
        "DEFERRABLE", "INITIALLY",
    };

    private readonly string _sql;
    private readonly SqlToken _name;
    private readonly Dictionary<string, (int Start, int End)> _types;

    private CreateTableText(string sql, SqlToken name, Dictionary<string, (int Start, int End)> types) => (_sql, _name, _types) = (sql, name, types);

    /// <summary>Whether the table has AUTOINCREMENT, which only an INTEGER PRIMARY KEY can have.</summary>
    public bool HasAutoIncrement { get; private init; }

    /// <summary>Reads a statement; returns null where its meaning is not certain.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="columns">The columns that SQLite reads in it, in order: name and type.</param>
    public static CreateTableText? Read(string sql, IReadOnlyList<(string Name, string Type)> columns)
    {
        if (SqlTokens.Split(sql) is not { } tokens || tokens is not [var create, var table, var name, var open, ..]
            || !create.Is("CREATE") || !table.Is("TABLE") || name.Kind == SqlTokenKind.Sign || !open.Is('('))
            return null;
        var rest = tokens[4..];
        var types = new Dictionary<string, (int Start, int End)>(StringComparer.OrdinalIgnoreCase);
        var definitions = Definitions(rest);
        if (definitions.Count < columns.Count)
            return null;
        foreach (var (definition, column) in definitions.Zip(columns))
        {
            var words = Type(definition);
            var written = string.Concat(words.Select(t => t.Text));
            if (definition[0].Kind == SqlTokenKind.Sign || !string.Equals(definition[0].Text, column.Name, StringComparison.Ordinal)
                || !string.Equals(written, WithoutSpace(column.Type), StringComparison.OrdinalIgnoreCase)
                || !types.TryAdd(column.Name, words.Count > 0 ? (words[0].Start, words[^1].End) : (definition[0].End, definition[0].End)))
                return null;
        }
        return new CreateTableText(sql, name, types) { HasAutoIncrement = rest.Exists(t => t.Is("AUTOINCREMENT")) };
    }

    /// <summary>Returns the statement for a table with another name and other types for some columns.</summary>
    public string With(string table, IReadOnlyDictionary<string, string> types)
    {
        var text = new StringBuilder(_sql);
        // From the end, so that earlier positions stay valid.
        foreach (var (column, type) in types.OrderByDescending(t => _types[t.Key].Start))
        {
            var (start, end) = _types[column];
            text.Remove(start, end - start).Insert(start, start == end ? $" {type}" : type);
        }
        return text.Remove(_name.Start, _name.Length).Insert(_name.Start, SqlIdentifier.Quote(table)).ToString();
    }

    // Splits the outermost parentheses at their commas.
    private static List<List<SqlToken>> Definitions(IEnumerable<SqlToken> tokens)
    {
        var definitions = new List<List<SqlToken>> { new() };
        var depth = 1;
        foreach (var token in tokens)
        {
            if (token.Is('('))
                depth++;
            else if (token.Is(')') && --depth == 0)
                break;
            if (depth == 1 && token.Is(','))
                definitions.Add([]);
            else
                definitions[^1].Add(token);
        }
        return definitions.Exists(d => d.Count == 0) ? [] : definitions;
    }

    // The words after the name up to the first constraint, with the parentheses that follow: VARCHAR(20).
    private static List<SqlToken> Type(List<SqlToken> definition)
    {
        var words = definition.Skip(1)
            .TakeWhile(t => t.Kind == SqlTokenKind.Quoted || (t.Kind == SqlTokenKind.Word && !ConstraintWords.Contains(t.Text))).ToList();
        var behind = words.Count + 1;
        if (words.Count > 0 && behind < definition.Count && definition[behind].Is('('))
            words.AddRange(definition.Skip(behind).TakeWhile(t => !t.Is(')')).Append(definition.Skip(behind).FirstOrDefault(t => t.Is(')'))));
        return words;
    }

    private static string WithoutSpace(string type) => string.Concat(type.Where(c => !char.IsWhiteSpace(c)));
}
