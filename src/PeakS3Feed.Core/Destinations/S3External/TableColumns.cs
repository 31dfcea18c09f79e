using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The columns of a table at one version, in order.</summary>
internal sealed class TableColumns
{
    // Stays with a column for ever, so that a table of another format can name the same files later.
    private const string IdMember = "peaks3feed.fieldId";

    private readonly IReadOnlyList<(DeltaField Field, int Id)> _fields;
    private readonly LoadTarget _target;

    private TableColumns(IReadOnlyList<(DeltaField Field, int Id)> fields, IReadOnlyList<string> partitions, LoadTarget target)
        => (_fields, Partitions, _target) = (fields, partitions, target);

    /// <summary>The names of the partition columns.</summary>
    public IReadOnlyList<string> Partitions { get; }

    /// <summary>The columns as the log has them.</summary>
    public IEnumerable<DeltaField> Fields => _fields.Select(f => f.Field);

    /// <summary>The names and ids of the columns.</summary>
    public IEnumerable<(string Name, int Id)> Ids => _fields.Select(f => (f.Field.Name, f.Id));

    /// <summary>The columns for the comparison with a feed.</summary>
    public IReadOnlyList<TableColumn> Existing => [.. _fields.Select(f => new TableColumn(f.Field.Name, TypeName(f.Field), Required: false))];

    /// <summary>The columns as a feed has them; those with a type that no feed has are left out.</summary>
    public IReadOnlyList<FeedColumn> Readable => [.. _fields.Select(f => ToColumn(f.Field)).OfType<FeedColumn>()];

    /// <summary>The columns whose values can be shown, also those with a type that no feed writes, such as a whole number of 32 bits.</summary>
    public IReadOnlyList<FeedColumn> Shown =>
    [
        .. from shown in Fields
           let type = shown.FindColumnType()
           where type is not null
           select new FeedColumn(shown.Name, "", type.Value.Type, type.Value.Scale),
    ];

    /// <summary>Returns the name of a column's type in the log, without quotes.</summary>
    public static string TypeName(FeedColumn column) => TypeName(DeltaField.From(column with { Name = "c" }));

    /// <summary>Reads the columns of a table.</summary>
    public static TableColumns Read(DeltaMetadata metadata, LoadTarget target)
    {
        var fields = DeltaSchema.Parse(metadata.SchemaString).Fields;
        // A column of another program gets an id that no column of ours has.
        var free = fields.Select(f => FindId(f) ?? 0).DefaultIfEmpty().Max();
        return new([.. fields.Select(f => (f, FindId(f) ?? ++free))], metadata.PartitionColumns, target);
    }

    /// <summary>Returns the columns of a table that does not exist.</summary>
    public static TableColumns None(LoadTarget target) => new([], [], target);

    /// <summary>Returns the columns that the first load of a feed creates.</summary>
    public static TableColumns Create(IReadOnlyList<FeedColumn> columns, IReadOnlyList<PartitionField> partitionBy, LoadTarget target)
        => None(target).With([new CreateTable(columns, [])], partitionBy, new TableFields([], target));

    /// <summary>Whether the newest version of a table is the one that a commit was decided for.</summary>
    public static bool IsAsExpected(DeltaState? state, TableSnapshot expected, LoadTarget target) => state is null
        ? !expected.Exists
        : expected.Exists && Read(state.Metadata, target).Existing.SequenceEqual(expected.Columns);

    /// <summary>Returns the columns after the changes of a commit.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="partitionBy">The partition fields of a new table.</param>
    /// <param name="fields">Gives new columns the ids that the staged files have.</param>
    public TableColumns With(IReadOnlyList<TableChange> changes, IReadOnlyList<PartitionField> partitionBy, TableFields fields)
    {
        var all = _fields.ToList();
        var partitions = Partitions;
        foreach (var change in changes)
        {
            if (change is CreateTable created)
            {
                foreach (var column in created.Columns)
                    all.Add(NewField(column, fields, all));
                foreach (var partition in partitionBy.Where(p => p.IsDerived))
                    all.Add(NewField(partition, fields, all));
                partitions = [.. partitionBy.Select(p => fields.GetField(new FeedColumn(p.Name, "", ColumnType.Text)).Column.Name)];
            }
            else if (change is AddColumn added)
            {
                all.Add(NewField(added.Column, fields, all));
            }
        }
        ThrowIfPartitionsDiffer(partitionBy);
        return new(all, partitions, _target);
    }

    /// <summary>Throws <c>PartitionsDiffer</c> if the table exists and has other partitions than a feed would write.</summary>
    public void ThrowIfPartitionsDiffer(IReadOnlyList<PartitionField> wanted)
    {
        if (FindOtherPartitions(wanted) is { } error)
            throw error;
    }

    /// <summary>Returns <c>PartitionsDiffer</c> if the table exists and has other partitions than a feed would write; or null.</summary>
    public FeedException? FindOtherPartitions(IReadOnlyList<PartitionField> wanted)
        => _fields.Count > 0 && !Partitions.SequenceEqual(wanted.Select(p => p.Name), StringComparer.OrdinalIgnoreCase)
            ? ExternalTableErrors.PartitionsDiffer(_target, Partitions, [.. wanted.Select(p => p.Name)])
            : null;

    /// <summary>The schema for the log.</summary>
    public DeltaSchema ToSchema() => new(Fields);

    /// <summary>Whether it has the columns of another version.</summary>
    public bool HasSameColumns(TableColumns other) => _fields.Count == other._fields.Count;

    /// <summary>Returns a column by name, in any case.</summary>
    public FeedColumn? FindOrNull(string name)
        => _fields.Where(f => string.Equals(f.Field.Name, name, StringComparison.OrdinalIgnoreCase)).Select(f => ToColumn(f.Field)).FirstOrDefault();

    /// <summary>Returns a column by name, in any case.</summary>
    public FeedColumn Find(string name) => FindOrNull(name) ?? throw new InvalidOperationException($"The table has no column {name}.");

    /// <summary>Whether a column is the audit column with the time of creation.</summary>
    public static bool IsCreatedAt(FeedColumn column)
        => string.Equals(column.Name, AuditColumn.CreatedAt.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The columns that files have: all but those of partitions. Throws if one has a type that cannot be copied.</summary>
    public IReadOnlyList<FeedColumn> InFiles() =>
    [
        .. _fields.Where(f => !IsPartition(f.Field.Name)).Select(f => ToColumn(f.Field)
            ?? throw ExternalTableErrors.ColumnUnreadable(_target, f.Field.Name, TypeName(f.Field))),
    ];

    /// <summary>The columns of the table that a load of a feed does not write.</summary>
    /// <param name="schema">The feed's columns.</param>
    /// <param name="spec">The load's settings.</param>
    public IReadOnlyList<FeedColumn> FindKept(FeedSchema schema, LoadSpec spec)
    {
        var written = schema.Columns.Concat(AuditColumn.For(spec)).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. InFiles().Where(c => !written.Contains(c.Name))];
    }

    /// <summary>The fields of files with these columns: each has the name and the id that it has in the table.</summary>
    public IReadOnlyList<ParquetField> GetFields(IEnumerable<FeedColumn> columns) =>
    [
        .. from column in columns
           let field = _fields.First(f => string.Equals(f.Field.Name, column.Name, StringComparison.OrdinalIgnoreCase))
           select new ParquetField(column with { Name = field.Field.Name }, field.Id),
    ];

    /// <summary>Whether a column is a partition's.</summary>
    public bool IsPartition(string name) => Partitions.Contains(name, StringComparer.OrdinalIgnoreCase);

    // Since the files were staged, another feed may have given the id to a column of its own.
    private static (DeltaField Field, int Id) NewField(FeedColumn column, TableFields fields, List<(DeltaField Field, int Id)> all)
    {
        var field = fields.GetField(column);
        var id = all.Exists(f => f.Id == field.FieldId) ? all.Max(f => f.Id) + 1 : field.FieldId;
        return (DeltaField.From(column with { Name = field.Column.Name }) with { Metadata = Metadata(id) }, id);
    }

    private static (DeltaField Field, int Id) NewField(PartitionField partition, TableFields fields, List<(DeltaField Field, int Id)> all)
    {
        var (field, id) = NewField(new FeedColumn(partition.Name, "", partition.IsNumber ? ColumnType.BigInt : ColumnType.Date), fields, all);
        return (partition.IsNumber ? field with { Type = "\"integer\"" } : field, id);
    }

    private static string Metadata(int id) => string.Create(CultureInfo.InvariantCulture, $"{{\"{IdMember}\":{id}}}");

    private static int? FindId(DeltaField field)
    {
        using var json = JsonDocument.Parse(field.Metadata);
        return json.RootElement.TryGetProperty(IdMember, out var id) && id.TryGetInt32(out var number) ? number : null;
    }

    // Only a type that feeds have themselves: a copied file must have the type of the schema.
    private static FeedColumn? ToColumn(DeltaField field)
        => field.FindColumnType() is var (type, scale) && new FeedColumn(field.Name, "", type, scale) is var column && field.Takes(column)
            ? column
            : null;

    private static string TypeName(DeltaField field) => field.Type.Trim('"');
}
