using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>Compares a table with what a feed needs.</summary>
internal sealed class TableComparison(TableSnapshot table, LoadSpec spec, LoadTarget target, IColumnTypes types, DestinationCapabilities capabilities)
{
    /// <summary>Returns the changes that make the table fit, in order; throws where no additive change can.</summary>
    public IReadOnlyList<TableChange> Find(bool adopt)
    {
        var changes = new List<TableChange>();
        var loadedBefore = table.Ledger is { HasLoaded: true };
        var takeover = loadedBefore || spec.Mode == LoadMode.Replace ? null : table.Takeover;
        var others = table.OtherFeeds
            .Where(o => takeover?.Units.Any(u => u.FeedId == o.Key && u.Retired == 0) != true)
            .ToDictionary(o => o.Key, o => o.Value);
        if (ForeignUse(others) is var (owner, why))
        {
            // Ledger records of other feeds do not prevent that a dropped table is created again.
            if (table.Exists && !adopt)
                throw TableErrors.TableBelongsToOther(target, owner, why);
            changes.Add(new ForgetFeeds([.. others.Keys.Order()]));
        }
        IReadOnlyList<FeedColumn> wanted = [.. spec.Schema.Columns, .. AuditColumn.For(spec)];
        if (!table.Exists)
        {
            if (loadedBefore)
                throw TableErrors.LedgerWithoutTable(target);
            return [.. changes, new CreateTable(RequireKey(wanted, spec.Key), spec.Key)];
        }
        // The next load of a feed that replaces its table deletes what it has loaded before, also after a reset.
        var replacesItsOwn = spec.Mode == LoadMode.Replace && table.Ledger is { Sequence: > 0 };
        if (!loadedBefore && table.HasRows && !adopt && !replacesItsOwn)
            throw TableErrors.TableHoldsRows(target, takeover);
        if (takeover is not null)
            changes.Add(new TakeOverLedger(takeover, target.FeedId));

        var existing = table.Columns.ToDictionary(c => c.Name, types.NameComparer);
        var recorded = table.Ledger?.Schema ?? takeover?.Schema;
        FeedColumn? Recorded(FeedColumn column) => column.Field.Length > 0 ? recorded?.FindField(column.Field) : null;
        bool IsKey(FeedColumn column)
            => spec.Key.Contains(column.Name, types.NameComparer) || table.UniqueKeys.Any(k => k.Contains(Recorded(column)?.Name ?? column.Name));
        ThrowIfOtherCase(wanted.Select(c => Recorded(c)?.Name ?? c.Name), existing);
        changes.AddRange(Rename([.. wanted.Select(c => (Recorded(c)?.Name ?? c.Name, c.Name))], existing));
        foreach (var column in wanted)
            changes.AddRange(FitColumn(column, Recorded(column), existing, isKey: IsKey(column)));
        var kept = new HashSet<string>(wanted.Select(c => c.Name), types.NameComparer);
        if (existing.Values.FirstOrDefault(c => c.Required && !kept.Contains(c.Name)) is { } required)
            throw TableErrors.ColumnRequired(target, required.Name);
        if (capabilities.EnforcesKeys && spec.Key.Count > 0 && !table.UniqueKeys.Any(k => k.SetEquals(spec.Key)))
            changes.Add(new CreateKeyIndex(spec.Key));
        return changes;
    }

    // A destination that keeps the case of quoted names does not find such a column under the feed's name. A recorded name is the feed's own, too.
    private void ThrowIfOtherCase(IEnumerable<string> names, Dictionary<string, TableColumn> existing)
    {
        foreach (var name in names)
        {
            if (existing.TryGetValue(name, out var there) && types.ColumnName(there.Name) is var stored && stored != there.Name)
                throw TableErrors.ColumnCaseDiffers(target, types.LedgerName(target.Table), there.Name, stored);
        }
    }

    // Names may have been swapped (a to b, b to a): a column whose name another one takes gets a temporary name first.
    private List<TableChange> Rename(IReadOnlyList<(string From, string To)> names, Dictionary<string, TableColumn> existing)
    {
        var same = types.NameComparer;
        var moves = names.Where(n => !same.Equals(n.From, n.To) && existing.ContainsKey(n.From)).ToList();
        if (!capabilities.Renames && moves.Count > 0)
            throw TableErrors.CannotRename(target, moves[0].From, moves[0].To);
        foreach (var (from, to) in moves)
        {
            // Loading into the other column instead would mix this feed's values with what it holds.
            if (existing.ContainsKey(to) && !moves.Exists(o => same.Equals(o.From, to)))
                throw TableErrors.ColumnNameTaken(target, from, to);
        }
        if (!capabilities.RenamesInCommit && moves.Find(m => names.Any(n => same.Equals(n.To, m.From))) is { To: not null } reused)
            throw TableErrors.RenameInTwoSteps(target, reused.From, reused.To);
        var aside = moves
            .Where(m => moves.Exists(o => same.Equals(o.To, m.From)))
            .Select((m, i) => (m.From, Name: $"peaks3feed_aside_{i + 1}"))
            .ToDictionary(a => a.From, a => a.Name, same);
        var moved = moves.ConvertAll(m => existing[m.From] with { Name = m.To });
        moves.ForEach(m => existing.Remove(m.From));
        moved.ForEach(c => existing.Add(c.Name, c));
        return
        [
            .. aside.Select(a => new RenameColumn(a.Key, a.Value)),
            .. moves.Select(m => new RenameColumn(aside.GetValueOrDefault(m.From, m.From), m.To)),
        ];
    }

    private IEnumerable<TableChange> FitColumn(FeedColumn column, FeedColumn? recorded, Dictionary<string, TableColumn> existing, bool isKey)
    {
        if (!existing.TryGetValue(column.Name, out var there))
        {
            yield return new AddColumn(column with { Nullable = true });
            yield break;
        }
        if (recorded is null)
        {
            if (!types.Accepts(column, there))
                throw TableErrors.ColumnTypeDiffers(target, column, there.Type, types.TypeName(column));
            yield break;
        }
        // Another program may have altered the table since: rows are sent in the recorded type's binary form, which another type misreads.
        if (!types.Accepts(recorded, there))
            throw TableErrors.ColumnTypeDiffers(target, column, there.Type, types.TypeName(recorded));
        if (recorded.Type == column.Type && recorded.Scale == column.Scale)
            yield break;
        if (!types.CanWiden(recorded, column))
        {
            throw TableErrors.CannotRetype(
                target, recorded, column,
                TypeWidening.IsAllowed(recorded, column)
                    ? "the destination cannot change the type of a column"
                    : TypeWidening.GetObstacle(recorded, column));
        }
        if (isKey && !TypeWidening.KeepsKeys(recorded, column))
        {
            throw TableErrors.CannotRetype(
                target, recorded, column, "it is part of a key, and files may write one value in several ways (1.5 and 1.50)");
        }
        yield return new WidenColumn(recorded, column);
    }

    // A table that is replaced belongs to one feed.
    private (Guid Owner, string Why)? ForeignUse(Dictionary<Guid, string> others)
    {
        foreach (var (feed, mode) in others)
        {
            if (string.Equals(mode, nameof(LoadMode.Replace), StringComparison.Ordinal))
                return (feed, "a TruncateInsert feed owns it");
        }
        return spec.Mode == LoadMode.Replace && others.Count > 0
            ? (others.Keys.First(), "a TruncateInsert feed needs the table for itself, but another feed has loaded into it")
            : null;
    }

    private static List<FeedColumn> RequireKey(IReadOnlyList<FeedColumn> columns, IReadOnlyList<string> key)
        => [.. columns.Select(c => key.Contains(c.Name, StringComparer.Ordinal) ? c with { Nullable = false } : c)];
}
