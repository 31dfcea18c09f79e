using System.Security.Cryptography.X509Certificates;
using Npgsql;
using PeakS3Feed.RedshiftServer.Catalog;
using PeakS3Feed.RedshiftServer.Copy;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.RedshiftServer.Wire;

/// <summary>What the sessions of a server share.</summary>
/// <param name="Backend">The connection string of PostgreSQL.</param>
/// <param name="Catalog">What the stand-in keeps in the database.</param>
/// <param name="Files">The objects that COPY reads.</param>
/// <param name="Controls">What tests asked for.</param>
/// <param name="Certificate">The certificate of the wire; null for a server without TLS.</param>
internal sealed record ServerParts(
    NpgsqlConnectionStringBuilder Backend, StandInCatalog Catalog, StagedFiles Files, TestControls Controls, X509Certificate2? Certificate);
