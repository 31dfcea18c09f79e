using PeakS3Feed.TestServers.Redshift;

namespace PeakS3Feed.RedshiftServer.Catalog;

/// <summary>A row that COPY could not load: what SYS_LOAD_ERROR_DETAIL and STL_LOAD_ERRORS show.</summary>
/// <param name="File">The file's URL.</param>
/// <param name="Line">The line of the file where the row begins, from 1.</param>
/// <param name="Column">The column; null if the row has no valid form.</param>
/// <param name="Position">Where the field begins in the row, in bytes.</param>
/// <param name="RawLine">The row.</param>
/// <param name="RawValue">The field.</param>
/// <param name="Problem">What is wrong.</param>
internal sealed record LoadError(string File, long Line, LoadColumn? Column, int Position, string RawLine, string RawValue, LoadProblem Problem);

/// <summary>The COPY stops at this error.</summary>
internal sealed class LoadErrorException(LoadError error) : Exception(error.Problem.Message)
{
    public LoadError Error { get; } = error;
}
