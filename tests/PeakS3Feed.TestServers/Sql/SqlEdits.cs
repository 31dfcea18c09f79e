using System.Text;

namespace PeakS3Feed.TestServers.Sql;

/// <summary>Replacements in a text, none of which overlap.</summary>
public sealed class SqlEdits
{
    private readonly List<(int Start, int End, string Text)> _edits = [];

    public void Replace(int start, int end, string text) => _edits.Add((start, end, text));

    public void Replace(SqlToken token, string text) => Replace(token.Start, token.End, text);

    public string Apply(string sql)
    {
        var result = new StringBuilder();
        var position = 0;
        foreach (var (start, end, text) in _edits.OrderBy(e => e.Start))
        {
            if (start < position)
                throw new InvalidOperationException("Two replacements overlap.");
            result.Append(sql, position, start - position).Append(text);
            position = end;
        }
        return result.Append(sql, position, sql.Length - position).ToString();
    }
}
