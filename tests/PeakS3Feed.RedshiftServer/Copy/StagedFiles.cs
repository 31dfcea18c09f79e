using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.TestServers.Redshift;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.RedshiftServer.Copy;

/// <summary>
/// The objects that COPY reads. One key pair reads them, whatever the role of the statement; but a role whose name ends in <c>-denied</c> may
/// read nothing.
/// </summary>
internal sealed class StagedFiles(string endpoint, string accessKey, string secretKey) : IDisposable
{
    private readonly S3Objects _objects = new(endpoint, accessKey, secretKey);

    /// <summary>All of a small object.</summary>
    public async Task<byte[]> ReadAsync(string url, string role, CancellationToken ct)
    {
        var (bucket, key) = S3Url.Split(url);
        using var response = await GetAsync(bucket, key, role, ct);
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }

    /// <summary>Opens a file of a manifest; null if it is missing and may be.</summary>
    public async Task<GetObjectResponse?> OpenAsync(ManifestFile file, string role, CancellationToken ct)
    {
        try
        {
            var response = await GetAsync(file.Bucket, file.Key, role, ct);
            if (response.ContentLength == file.ContentLength)
                return response;
            response.Dispose();
            throw RedshiftRefusal.FromRedshift(
                "XX000", $"Manifest file contains incorrect content_length for {file.Url}: {file.ContentLength} instead of {response.ContentLength}");
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound && !file.Mandatory)
        {
            return null;
        }
    }

    /// <summary>An error of S3 in the words of Redshift.</summary>
    public static RefusalException Refusal(AmazonS3Exception e)
        => RedshiftRefusal.FromRedshift(
            "XX000", $"S3ServiceException:{e.Message},Status {(int)e.StatusCode},Error {e.ErrorCode},Rid {e.RequestId},CanRetry 1");

    public void Dispose() => _objects.Dispose();

    private async Task<GetObjectResponse> GetAsync(string bucket, string key, string role, CancellationToken ct)
    {
        if (role.EndsWith("-denied", StringComparison.Ordinal))
            throw RedshiftRefusal.FromRedshift("XX000", "S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 0,CanRetry 1");
        return await _objects.OpenAsync(bucket, key, ct);
    }
}
