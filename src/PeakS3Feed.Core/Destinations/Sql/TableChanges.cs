using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Compares a table with what a feed needs.</summary>
public static class TableChanges
{
    /// <summary>The changes that make the table fit, in order; throws where no additive change can.</summary>
    public static IReadOnlyList<TableChange> Find(TableState table, LoadSpec spec, LoadTarget target, SqlDialect dialect, bool adopt)
    {
        RefuseForeignUse(table, spec, target);
        var loadedBefore = table.Ledger is { Sequence: > 0 };
        IReadOnlyList<FeedColumn> wanted = [.. spec.Schema.Columns, .. AuditColumn.For(spec)];
        if (!table.Exists)
        {
            if (loadedBefore)
                throw DestinationErrors.LedgerWithoutTable(target);
            return [new CreateTable(RequireKey(wanted, spec.Key), spec.Key)];
        }
        if (!loadedBefore && table.HasRows && !adopt)
            throw DestinationErrors.TableHoldsRows(target);

        var changes = new List<TableChange>();
        var existing = table.Columns.ToDictionary(c => c.Name, dialect.NameComparer);
        foreach (var column in wanted)
        {
            var recorded = column.Field.Length > 0 ? table.Ledger?.Schema?.FindField(column.Field) : null;
            changes.AddRange(FitColumn(column, recorded, existing, target, dialect));
        }
        var kept = new HashSet<string>(wanted.Select(c => c.Name), dialect.NameComparer);
        if (existing.Values.FirstOrDefault(c => c.Required && !kept.Contains(c.Name)) is { } required)
            throw DestinationErrors.ColumnRequired(target, required.Name);
        if (spec.Key.Count > 0 && !table.UniqueKeys.Any(k => k.SetEquals(spec.Key)))
            changes.Add(new CreateKeyIndex(spec.Key));
        return changes;
    }

    private static IEnumerable<TableChange> FitColumn(
        FeedColumn column, FeedColumn? recorded, Dictionary<string, TableColumn> existing, LoadTarget target, SqlDialect dialect)
    {
        if (recorded is not null && !existing.ContainsKey(column.Name) && existing.Remove(recorded.Name, out var renamed))
        {
            yield return new RenameColumn(recorded.Name, column.Name);
            existing.Add(column.Name, renamed with { Name = column.Name });
        }
        if (!existing.TryGetValue(column.Name, out var there))
        {
            yield return new AddColumn(column with { Nullable = true });
            yield break;
        }
        if (recorded is null)
        {
            if (!dialect.Accepts(column, there))
                throw DestinationErrors.ColumnTypeDiffers(target, column, there.SqlType, dialect.TypeName(column));
            yield break;
        }
        if (recorded.Type == column.Type && recorded.Scale == column.Scale)
            yield break;
        if (!dialect.CanWiden(recorded, column))
            throw DestinationErrors.CannotRetype(target, recorded, column);
        yield return new WidenColumn(recorded, column);
    }

    private static void RefuseForeignUse(TableState table, LoadSpec spec, LoadTarget target)
    {
        if (table.OtherFeeds.Count == 0)
            return;
        if (spec.Mode == LoadMode.Replace)
            throw DestinationErrors.TableBelongsToOther(target, "a TruncateInsert feed needs the table for itself, but another feed has loaded into it");
        if (table.OtherFeeds.Values.Contains(nameof(LoadMode.Replace), StringComparer.Ordinal))
            throw DestinationErrors.TableBelongsToOther(target, "a TruncateInsert feed owns it");
    }

    private static List<FeedColumn> RequireKey(IReadOnlyList<FeedColumn> columns, IReadOnlyList<string> key)
        => [.. columns.Select(c => key.Contains(c.Name, StringComparer.Ordinal) ? c with { Nullable = false } : c)];
}
