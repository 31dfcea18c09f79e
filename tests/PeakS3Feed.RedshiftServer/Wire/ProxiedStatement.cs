using PeakS3Feed.RedshiftServer.Protocol;
using PeakS3Feed.TestServers.Redshift;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>A statement of a client.</summary>
/// <param name="Sql">Its text as the client sent it.</param>
/// <param name="Rewritten">Its text for PostgreSQL.</param>
/// <param name="Own">What the stand-in runs itself; null if PostgreSQL gets the statement.</param>
internal sealed record ProxiedStatement(string Sql, string Rewritten, RedshiftStatement? Own);

/// <summary>How a statement that the stand-in ran itself ended.</summary>
/// <param name="Answer">A CommandComplete or an error.</param>
internal sealed record ProxiedOutcome(WireMessage Answer)
{
    public bool Failed => Answer.Type is 'E';
}
