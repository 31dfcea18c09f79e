using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>One session's way to Redshift: the wire (<see cref="RedshiftWire"/>) or the Data API (<see cref="RedshiftDataApi"/>).</summary>
internal interface IRedshiftChannel : IWarehouseChannel
{
    /// <summary>
    /// Returns the rows that the last COPY into a table refused, newest COPY only; empty if the warehouse recorded none. The session that ran the
    /// COPY may be over by then.
    /// </summary>
    Task<IReadOnlyList<RedshiftLoadError>> ReadLoadErrorsAsync(string table, CancellationToken cancellationToken);
}

/// <summary>A row that a COPY refused, as the warehouse's error view has it.</summary>
/// <param name="File">The staged file.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Column">The column's name; empty where the view names none.</param>
/// <param name="Type">The column's type with its length, in the warehouse's words; empty where the view names none.</param>
/// <param name="RawLine">The beginning of the row.</param>
/// <param name="Reason">Why, in the warehouse's words.</param>
internal sealed record RedshiftLoadError(string File, long Line, string Column, string Type, string RawLine, string Reason);
