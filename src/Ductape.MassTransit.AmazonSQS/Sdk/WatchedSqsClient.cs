using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Ductape.MassTransit;

/// <summary>
/// A client of SQS that knows some queues by their URLs, may be kept from creating any, and tells when one is gone.
/// </summary>
internal sealed class WatchedSqsClient(
    AWSCredentials? credentials, AmazonSQSConfig config, IReadOnlyDictionary<string, string> urls, bool mayCreate, Action<GoneEntity> gone,
    AmazonSqsBatches batches, AmazonSqsHandedOut handedOut)
    : AmazonSQSClient(credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(config), config)
{
    public override Task<GetQueueUrlResponse> GetQueueUrlAsync(GetQueueUrlRequest request, CancellationToken cancellationToken = default) =>
        urls.TryGetValue(request.QueueName, out var url)
            ? Task.FromResult(new GetQueueUrlResponse { QueueUrl = url, HttpStatusCode = HttpStatusCode.OK })
            : base.GetQueueUrlAsync(request, cancellationToken);

    public override Task<GetQueueUrlResponse> GetQueueUrlAsync(string queueName, CancellationToken cancellationToken = default) =>
        GetQueueUrlAsync(new GetQueueUrlRequest { QueueName = queueName }, cancellationToken);

    public override Task<CreateQueueResponse> CreateQueueAsync(CreateQueueRequest request, CancellationToken cancellationToken = default) =>
        mayCreate && !urls.ContainsKey(request.QueueName)
            ? base.CreateQueueAsync(request, cancellationToken)
            : throw new MissingEntityException($"the queue '{request.QueueName}'");

    public override Task<SendMessageBatchResponse> SendMessageBatchAsync(
        SendMessageBatchRequest request, CancellationToken cancellationToken = default) =>
        Watch(base.SendMessageBatchAsync(request, cancellationToken), request.QueueUrl);

    // A request that is broken off may still be given messages, which then stay hidden until their visibility timeout:
    // it runs to its end instead, and what nobody waits for any more is given back.
    public override async Task<ReceiveMessageResponse> ReceiveMessageAsync(
        ReceiveMessageRequest request, CancellationToken cancellationToken = default)
    {
        var receiving = base.ReceiveMessageAsync(request, CancellationToken.None);
        try
        {
            var response = await Watch(receiving.WaitAsync(cancellationToken), request.QueueUrl).ConfigureAwait(false);
            handedOut.Add(request.QueueUrl, response.Messages);
            if (AmazonSqsCopy.IsFifo(request.QueueUrl))
                batches.Number(response.Messages);
            return response;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = GiveBackAsync(receiving, request.QueueUrl);
            throw;
        }
    }

    private async Task GiveBackAsync(Task<ReceiveMessageResponse> receiving, string queueUrl)
    {
        try
        {
            var response = await receiving.ConfigureAwait(false);
            foreach (var message in response.Messages ?? [])
                await ChangeMessageVisibilityAsync(queueUrl, message.ReceiptHandle, 0).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or ObjectDisposedException or HttpRequestException)
        {
            // They come back by themselves, later.
        }
    }

    private async Task<T> Watch<T>(Task<T> call, string queueUrl)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (AmazonServiceException exception) when (exception is QueueDoesNotExistException || AmazonSqsReach.IsGone(exception.ErrorCode))
        {
            gone(new GoneEntity(false, queueUrl[(queueUrl.LastIndexOf('/') + 1)..]));
            throw;
        }
    }
}
