using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Changes the target as a load needs it. Redshift changes the size of a VARCHAR only, and only outside transactions.
/// </summary>
/// <param name="engine">The session's warehouse.</param>
/// <param name="definition">The destination, for the keys of new tables.</param>
/// <param name="target">The feed and table.</param>
internal sealed class RedshiftTables(WarehouseEngine engine, RedshiftDestination definition, LoadTarget target) : WarehouseTables(engine, target)
{
    public override string NoteOnSizes
        => "-- each VARCHAR gets a size of about twice its longest value in the first load: VARCHAR(256) to VARCHAR(65535)";

    protected override string SetType => "TYPE";

    protected override string Keys(CreateTable create)
    {
        bool Has(string name) => create.Columns.Any(c => Dialect.NameComparer.Equals(c.Name, name));
        var distribution = definition.DistKey is { } key && Has(key) ? $" DISTKEY ({Dialect.Column(key)})" : "";
        return distribution + (definition.SortKey is { Count: > 0 } sort && sort.All(Has) ? $" SORTKEY ({Dialect.Columns(sort)})" : "");
    }
}
