namespace PeakS3Feed.Feeds;

/// <summary>How a feed loads the rows that it reads.</summary>
public enum LoadType
{
    /// <summary>Append the rows of new objects.</summary>
    Incremental,

    /// <summary>Update or insert rows by primary key.</summary>
    Upsert,

    /// <summary>Replace all rows of the table with those of all matching objects, in one commit.</summary>
    TruncateInsert,
}

/// <summary>What to do with a field that first appears in a later file.</summary>
public enum SchemaEvolution
{
    /// <summary>Add a column for it.</summary>
    AddColumns,

    /// <summary>Fail the file.</summary>
    Strict,

    /// <summary>Ignore the field.</summary>
    Ignore,
}

/// <summary>What to do with a file that cannot be read.</summary>
public enum BadFileAction
{
    /// <summary>Fail the run; nothing of the commit is loaded.</summary>
    Fail,

    /// <summary>Undo this file only, leave it out of the ledger, and warn of it in every run until it is fixed.</summary>
    Skip,
}

/// <summary>What a run does if no object matches a feed that has never loaded one.</summary>
public enum EmptyPathAction
{
    /// <summary>Warn and name the objects that exist; the run's status is <c>NothingMatched</c>.</summary>
    Warn,

    /// <summary>Fail.</summary>
    Fail,

    /// <summary>Do nothing: the first files have not arrived yet.</summary>
    Ignore,
}

/// <summary>How a run finds the objects of its feed.</summary>
public enum ObjectDiscovery
{
    /// <summary>By listing.</summary>
    List,

    /// <summary>By the events of queues, and now and then by listing, for objects that no event announced. For Incremental feeds.</summary>
    Events,
}

/// <summary>What an Incremental feed does with a loaded object that has a new version.</summary>
public enum ChangedObjectAction
{
    /// <summary>Fail before loading anything.</summary>
    Stop,

    /// <summary>Append the new version's rows.</summary>
    Append,

    /// <summary>Delete the rows loaded from the earlier version and append the new ones, in one commit.</summary>
    Replace,

    /// <summary>Ignore the new version.</summary>
    Ignore,
}

/// <summary>Which audit columns a table gets.</summary>
public enum AuditColumns
{
    /// <summary>The creation time, file name, run id and, for Upsert, the update time.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
