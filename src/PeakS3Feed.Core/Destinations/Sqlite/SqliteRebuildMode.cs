namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// A connection on which a table can be created again. With foreign keys on, dropping the old table would delete the rows that refer to
/// it, and they can be switched off only while no transaction is open.
/// </summary>
internal sealed class SqliteRebuildMode
{
    private readonly SqliteFile _file;
    private readonly bool _foreignKeys;

    private SqliteRebuildMode(SqliteFile file, bool foreignKeys) => (_file, _foreignKeys) = (file, foreignKeys);

    /// <summary>Switches foreign keys off; outside of a transaction.</summary>
    public static SqliteRebuildMode Enter(SqliteFile file)
    {
        using var command = file.Connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_keys";
        var mode = new SqliteRebuildMode(file, Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) != 0);
        file.Execute("PRAGMA foreign_keys = OFF");
        return mode;
    }

    /// <summary>Restores the connection's settings; after the transaction.</summary>
    public void Leave()
    {
        _file.Execute("PRAGMA legacy_alter_table = OFF");
        if (_foreignKeys)
            _file.Execute("PRAGMA foreign_keys = ON");
    }
}
