using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// One destination's names and types, and what the ledger must know of its SQL. Pure functions. The statements of a load are in
/// <see cref="SqlStatements"/>.
/// </summary>
public abstract class SqlDialect : IColumnTypes
{
    /// <summary>How the destination compares column names.</summary>
    public abstract StringComparer NameComparer { get; }

    /// <summary>The type of a ledger key: text whose order and equality are those of its bytes.</summary>
    public abstract string KeyType { get; }

    /// <summary>Behind a SELECT of the lock row inside a transaction; empty where the transaction locks anyway.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>How many rows one INSERT of the ledger takes: each statement is a round trip.</summary>
    public virtual int RowsPerInsert => 500;

    /// <summary>The table's full name, quoted.</summary>
    public abstract string Table(string name);

    /// <summary>The table's name as the ledger has it: two spellings of one table are one name.</summary>
    public virtual string LedgerName(string table) => table;

    /// <summary>Returns a query whose result is 1 when a table has a column, else 0.</summary>
    public abstract string HasColumn(string table, string column);

    /// <summary>The type of a column.</summary>
    public abstract string TypeName(FeedColumn column);

    /// <summary>Returns whether a column that this feed did not create can store its values unchanged.</summary>
    public abstract bool Accepts(FeedColumn column, TableColumn existing);

    /// <summary>Returns whether a column can get the wider type with every value kept.</summary>
    public virtual bool CanWiden(FeedColumn from, FeedColumn to) => TypeWidening.IsAllowed(from, to);
}
