// A device plugin whose GPUs are numbers: the kubelet counts and hands them out as it would real ones. They have a name of
// their own, so that the operator knows that nothing computes on them.
//
// A file unhealthy-<number> in the directory of --faults makes that GPU fail, and its removal brings it back.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const (
	socket = "fake-gpu.sock"
	look   = 200 * time.Millisecond
)

type plugin struct {
	api.UnimplementedDevicePluginServer
	gpus   int
	faults string
}

func (p *plugin) devices() []*api.Device {
	devices := make([]*api.Device, p.gpus)
	for i := range devices {
		devices[i] = &api.Device{ID: fmt.Sprintf("GPU-fake-%d", i), Health: api.Healthy}
		if _, err := os.Stat(filepath.Join(p.faults, fmt.Sprintf("unhealthy-%d", i))); err == nil {
			devices[i].Health = api.Unhealthy
		}
	}
	return devices
}

func (p *plugin) GetDevicePluginOptions(context.Context, *api.Empty) (*api.DevicePluginOptions, error) {
	return &api.DevicePluginOptions{}, nil
}

// ListAndWatch sends the devices at first and whenever the health of one has changed.
func (p *plugin) ListAndWatch(_ *api.Empty, stream api.DevicePlugin_ListAndWatchServer) error {
	var sent []*api.Device
	for stream.Context().Err() == nil {
		now := p.devices()
		if !slices.EqualFunc(now, sent, func(a, b *api.Device) bool { return a.Health == b.Health }) {
			if err := stream.Send(&api.ListAndWatchResponse{Devices: now}); err != nil {
				return err
			}
			sent = now
		}
		time.Sleep(look)
	}
	return nil
}

// Allocate tells the container its GPUs, in a variable that no driver and no library reads.
func (p *plugin) Allocate(_ context.Context, request *api.AllocateRequest) (*api.AllocateResponse, error) {
	response := &api.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		response.ContainerResponses = append(response.ContainerResponses, &api.ContainerAllocateResponse{
			Envs: map[string]string{"FAKE_GPUS": strings.Join(container.DevicesIds, ",")},
		})
	}
	return response, nil
}

func main() {
	gpus := flag.Int("gpus", 4, "GPUs of this node")
	resource := flag.String("resource", "safefinetune.dev/fake-gpu", "what they are called")
	directory := flag.String("directory", api.DevicePluginPath, "the kubelet's directory of device plugins")
	faults := flag.String("faults", "/run/fakegpu", "where a file unhealthy-<number> makes a GPU fail")
	flag.Parse()
	if err := run(&plugin{gpus: *gpus, faults: *faults}, *resource, *directory); err != nil {
		log.Fatal(err)
	}
}

// run serves until the kubelet forgets its plugins, which it does by removing their sockets when it starts anew.
func run(p *plugin, resource, directory string) error {
	own := filepath.Join(directory, socket)
	if err := os.Remove(own); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", own)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	api.RegisterDevicePluginServer(server, p)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	kubelet := "unix://" + filepath.Join(directory, "kubelet.sock")
	connection, err := grpc.NewClient(kubelet, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	_, err = api.NewRegistrationClient(connection).Register(context.Background(),
		&api.RegisterRequest{Version: api.Version, Endpoint: socket, ResourceName: resource})
	if err != nil {
		return err
	}
	log.Printf("registered %d of %s", p.gpus, resource)
	for {
		select {
		case err := <-failed:
			return err
		case <-time.After(time.Second):
			if _, err := os.Stat(own); err != nil {
				return fmt.Errorf("the kubelet has started anew: %w", err)
			}
		}
	}
}
