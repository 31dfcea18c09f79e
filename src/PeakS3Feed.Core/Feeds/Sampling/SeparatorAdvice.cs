using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>Finds a column that probably consists of several, because its rows hold another separator.</summary>
internal static class SeparatorAdvice
{
    private static readonly string[] Separators = [",", ";", "|", "\t"];

    /// <summary>
    /// Returns the first column whose name and rows all hold the same separator equally often, and that separator; null if there is none. Texts
    /// often hold commas; that their column's name holds one as well is what tells a wrong separator.
    /// </summary>
    /// <param name="rows">The first rows of a file.</param>
    /// <param name="used">The separator of the file.</param>
    public static (string Column, string Separator)? Find(RowBatch rows, string? used)
    {
        if (rows.Count == 0)
            return null;
        foreach (var column in rows.Columns)
        {
            if (column is not Utf8Vector vector)
                continue;
            foreach (var separator in Separators.Where(s => s != used))
            {
                var count = vector.Column.Field.Split(separator).Length - 1;
                if (count > 0 && Enumerable.Range(0, rows.Count).All(r => Count(vector, r, (byte)separator[0]) == count))
                    return (vector.Column.Name, separator);
            }
        }
        return null;
    }

    private static int Count(Utf8Vector vector, int row, byte separator) => vector.IsNull(row) ? 0 : vector[row].Count(separator);
}
