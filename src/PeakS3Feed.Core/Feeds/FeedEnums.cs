namespace PeakS3Feed.Feeds;

/// <summary>What a feed does with the rows it reads.</summary>
public enum LoadType
{
    /// <summary>Append the rows of objects not loaded before.</summary>
    Incremental,

    /// <summary>Update or insert whole rows by primary key.</summary>
    Upsert,

    /// <summary>Replace the table with all that the feed matches now, in one commit.</summary>
    TruncateInsert,
}

/// <summary>What to do with a field that a later file brings.</summary>
public enum SchemaEvolution
{
    /// <summary>Add a column for it.</summary>
    AddColumns,

    /// <summary>Fail the file.</summary>
    Strict,

    /// <summary>Leave it out.</summary>
    Ignore,
}

/// <summary>What to do with a file that cannot be read.</summary>
public enum BadFileAction
{
    /// <summary>Fail the run; nothing of the commit lands.</summary>
    Fail,

    /// <summary>Undo that file alone, leave it out of the ledger and name it in every run until it is mended.</summary>
    Skip,
}

/// <summary>What a run does where no object matches a feed that has never loaded one.</summary>
public enum EmptyPathAction
{
    /// <summary>Warn, with what there is instead; the run's status is <c>NothingMatched</c>.</summary>
    Warn,

    /// <summary>Fail.</summary>
    Fail,

    /// <summary>There is nothing to do: the first files have not come yet.</summary>
    Ignore,
}

/// <summary>What an Incremental feed does with a key it loaded before that now holds another version.</summary>
public enum ChangedObjectAction
{
    /// <summary>Fail before anything is loaded.</summary>
    Stop,

    /// <summary>Append the new version's rows.</summary>
    Append,

    /// <summary>Delete the rows loaded from the earlier version and append the new ones, in one commit.</summary>
    Replace,

    /// <summary>Leave the new version out.</summary>
    Ignore,
}

/// <summary>Which audit columns a table gets.</summary>
public enum AuditColumns
{
    /// <summary>Created at, file name, request id and, for Upsert, updated at.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
