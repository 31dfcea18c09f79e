namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>A column as SQLite reads it in the table's statement.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="IsGenerated">Whether its values are computed.</param>
/// <param name="IsRowId">Whether it is the INTEGER PRIMARY KEY, another name of the rows' numbers.</param>
internal sealed record SqliteColumn(string Name, string Type, bool IsGenerated, bool IsRowId);
