using System.Net;
using Amazon.S3;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>The errors of reading a stage's files.</summary>
internal static class CopyFiles
{
    /// <summary>Fails if the storage integration may read nothing.</summary>
    public static void CheckIntegration(SnowflakeStage stage)
    {
        if (stage.Integration.EndsWith("_DENIED", StringComparison.Ordinal))
        {
            throw new RefusalException(
                "42601", "Error assuming AWS_ROLE. Please verify the role and externalId are configured correctly in your AWS policy.", "003167");
        }
    }

    /// <summary>An error of S3 in the words of Snowflake.</summary>
    public static RefusalException Refusal(AmazonS3Exception e, string url) => e.StatusCode is HttpStatusCode.NotFound
        ? new(
            "02000",
            $"Remote file '{url}' was not found. There are several potential causes. The file might not exist. The required credentials may be missing "
                + "or invalid. If you are running a copy command, please make sure files are not deleted when they are being loaded.",
            "091016")
        : new("42501", $"Failed to access remote file: access denied. Please check your credentials ({e.ErrorCode} for {url})", "091003");
}
