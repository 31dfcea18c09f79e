using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>One warehouse's names and types. Pure functions.</summary>
internal abstract class WarehouseDialect : IColumnTypes
{
    public StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

    /// <summary>The longest identifier in bytes of UTF-8.</summary>
    public abstract int MaxNameBytes { get; }

    /// <summary>Whether a setting of the account may cut the results of queries.</summary>
    public virtual bool MayCutResults => false;

    /// <summary>The schema as the catalog has it.</summary>
    public abstract string SchemaName { get; }

    /// <summary>Returns the name as the warehouse stores it.</summary>
    public abstract string Fold(string name);

    /// <summary>Quotes a column's name.</summary>
    public string Column(string name) => SqlIdentifier.Quote(Fold(name));

    /// <summary>Quotes columns, with commas between them.</summary>
    public string Columns(IEnumerable<string> names) => string.Join(", ", names.Select(Column));

    /// <summary>The table's full name, quoted. A column is qualified with it.</summary>
    public abstract string Table(string name);

    public string ColumnName(string name) => Fold(name);

    public string LedgerName(string table) => Fold(table);

    public abstract string TypeName(FeedColumn column);

    /// <summary>Returns the type of a column that is created.</summary>
    /// <param name="column">The column.</param>
    /// <param name="longest">The bytes of the longest text that is about to be loaded into it; 0 for none.</param>
    public virtual string NewType(FeedColumn column, int longest) => TypeName(column);

    /// <summary>Returns the type of a staging table's column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="type">The type of the target's column.</param>
    public virtual string StagedType(FeedColumn column, string type) => type;

    /// <summary>The columns of a staging table with their types, in the order of the staged files.</summary>
    /// <param name="columns">The feed's columns, with the types of the target's columns.</param>
    public IEnumerable<string> DefineStaged(IEnumerable<(FeedColumn Column, string Type)> columns) =>
    [
        $"{WarehouseNames.Ordinal} BIGINT", $"{WarehouseNames.Row} BIGINT",
        .. columns.Select(c => $"{Column(c.Column.Name)} {StagedType(c.Column, c.Type)}"),
    ];

    /// <summary>Returns the value of the target's column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="staged">The value of the staging table's column.</param>
    public virtual string FromStaged(FeedColumn column, string staged) => staged;

    /// <summary>
    /// The type of all columns of a staging table that the warehouse fills from the objects of a source: text of any length. So this program, and not
    /// COPY, decides which texts are numbers.
    /// </summary>
    public abstract string DirectType { get; }

    /// <summary>Returns the value of the target's column for a text that the warehouse has loaded from an object of a source.</summary>
    /// <param name="column">The column: text or bigint.</param>
    /// <param name="text">The value of the staging table's column.</param>
    public string FromDirect(FeedColumn column, string text) => column.Type == ColumnType.Text ? text : $"CAST(NULLIF({text}, '') AS {TypeName(column)})";

    /// <summary>
    /// Returns a condition that finds texts which are not whole numbers of 64 bits in their only form: not <c>+12</c>, <c>012</c> or <c>1.0</c>. The
    /// empty text is none of them.
    /// </summary>
    /// <param name="text">The value of the staging table's column.</param>
    public abstract string IsNoBigInt(string text);

    /// <summary>Returns the value of a text that a query returned, as <see cref="Rows.CellValue"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="column">The column that it is from.</param>
    /// <param name="known">The feed's column, or null.</param>
    public abstract object ReadValue(string text, TableColumn column, FeedColumn? known);

    public abstract bool Accepts(FeedColumn column, TableColumn existing);

    /// <summary>A warehouse changes the size of a column's type, and not the type.</summary>
    public bool CanWiden(FeedColumn from, FeedColumn to) => false;

    /// <summary>Returns the type that a column of the target needs to store what is about to be loaded; null if it is large enough.</summary>
    /// <param name="column">The feed's column.</param>
    /// <param name="existing">The target's column.</param>
    /// <param name="longest">The bytes of the longest text that is about to be loaded into it; 0 for none.</param>
    /// <param name="isRefused">Whether the warehouse has refused values of the load.</param>
    public abstract string? LargerType(FeedColumn column, TableColumn existing, int longest, bool isRefused);
}

/// <summary>How one warehouse writes the statements that differ between warehouses. Pure functions.</summary>
internal abstract class WarehouseSyntax
{
    /// <summary>Whether statements that define tables can be part of a transaction. Otherwise they end it.</summary>
    public abstract bool DefinesInTransactions { get; }

    /// <summary>The statements that lock tables until the end of the transaction, in order. They are its first ones.</summary>
    /// <param name="tables">The quoted names of lock tables, each with one row.</param>
    /// <param name="reaches">The step that is reached once all are locked, or null.</param>
    public abstract IEnumerable<NamedStatement> Lock(IReadOnlyList<string> tables, CommitStep? reaches = null);

    /// <summary>Creates the ledger's tables where they are missing.</summary>
    public abstract IReadOnlyList<NamedStatement> CreateLedger(WarehouseDialect dialect, WarehouseNames names);

    /// <summary>The statements that bring staged rows into the feed's table.</summary>
    public abstract RowStatements Rows(CommitTables tables, WarehouseDialect dialect, LoadSpec spec, FeedSchema schema);
}
